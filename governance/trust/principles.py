"""The ten principles of a partnership and the question that is asked about each (see the field's
default question bank). Answers are on 1-5."""

from dataclasses import dataclass

SCALE = (1, 2, 3, 4, 5)
SCALE_WORDS = {1: "not at all", 2: "rarely", 3: "in part", 4: "mostly", 5: "fully"}
LOW = 2
"""From here down an answer asks for help."""


@dataclass(frozen=True)
class Principle:
    key: str
    name: str
    question: str


PRINCIPLES = {
    one.key: one
    for one in (
        Principle("resources", "Resources", "We have the right people and capacity here."),
        Principle("governance", "Governance", "Decisions get made where they should be."),
        Principle(
            "communication",
            "Communication",
            "I hear what I need from the other side in time.",
        ),
        Principle("difference", "Difference", "We talk openly about how differently we work."),
        Principle("execution", "Execution", "Both sides do what they said."),
        Principle(
            "accessibility", "Accessibility", "I can reach the right leader when I need one."
        ),
        Principle("alignment", "Alignment", "The partner speaks with one voice."),
        Principle("problem_solving", "Problem solving", "We solve problems together."),
        Principle("value", "Value", "They look after what matters to us."),
        Principle("trust", "Trust", "I can bring bad news safely."),
    )
}
"""By key, in the order in which they are asked: five that establish, five that are practised."""
