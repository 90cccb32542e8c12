/* Dark or light as chosen here before, or as the system has it. Runs before anything is drawn. */
{
  const chosen = localStorage.getItem('theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
}
