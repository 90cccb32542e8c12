/** Emoji short names -> characters. What is not here is shown as :name:. */

const NAMES = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|wave 👋|clap 👏|raised_hands 🙌|raised_hand ✋|hand ✋
pray 🙏|handshake 🤝|muscle 💪|ok_hand 👌|point_right 👉|point_left 👈|point_up ☝️|point_down 👇
point_up_2 👆|v ✌️|crossed_fingers 🤞|writing_hand ✍️|eyes 👀|speaking_head_in_silhouette 🗣️
smile 😄|smiley 😃|grinning 😀|grin 😁|slightly_smiling_face 🙂|blush 😊|wink 😉|relaxed ☺️|joy 😂
thinking_face 🤔|neutral_face 😐|slightly_frowning_face 🙁|disappointed 😞|worried 😟|confused 😕
cry 😢|sob 😭|sweat_smile 😅|sunglasses 😎|heart_eyes 😍|star-struck 🤩|face_with_rolling_eyes 🙄
sleeping 😴|zzz 💤|rage 😡|angry 😠|scream 😱|hugging_face 🤗|shushing_face 🤫|zipper_mouth_face 🤐
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟
hash #️⃣|ballot_box_with_check ☑️|white_check_mark ✅|heavy_check_mark ✔️|x ❌|negative_squared_cross_mark ❎
heavy_plus_sign ➕|heavy_minus_sign ➖|question ❓|grey_question ❔|exclamation ❗|grey_exclamation ❕
bangbang ‼️|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|sos 🆘|information_source ℹ️
rotating_light 🚨|construction 🚧|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️
clock1 🕐|clock9 🕘|watch ⌚|calendar 📆|date 📅|spiral_calendar_pad 🗓️|bell 🔔|no_bell 🔕|mega 📣
loudspeaker 📢|speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭|incoming_envelope 📨
envelope ✉️|email 📧|e-mail 📧|inbox_tray 📥|outbox_tray 📤|mailbox 📫|package 📦|pushpin 📌
round_pushpin 📍|paperclip 📎|link 🔗|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|shield 🛡️
memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|file_folder 📁|card_index_dividers 🗂️
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|scales ⚖️|hammer_and_wrench 🛠️
gear ⚙️|wrench 🔧|bulb 💡|mag 🔍|mag_right 🔎|microscope 🔬|telescope 🔭|dna 🧬|pill 💊|test_tube 🧪
syringe 💉|hospital 🏥|office 🏢|house 🏠|globe_with_meridians 🌐|earth_africa 🌍|airplane ✈️
palm_tree 🌴|beach_with_umbrella 🏖️|desert_island 🏝️|house_with_garden 🏡|coffee ☕|cake 🍰|birthday 🎂
tada 🎉|confetti_ball 🎊|sparkles ✨|star ⭐|star2 🌟|trophy 🏆|medal 🏅|dart 🎯|rocket 🚀|fire 🔥|100 💯
heart ❤️|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔|boom 💥|zap ⚡
sunny ☀️|partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|rainbow 🌈|umbrella ☔
snowflake ❄️|seedling 🌱|deciduous_tree 🌳|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️
arrow_upper_right ↗️|arrow_lower_right ↘️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️
arrows_counterclockwise 🔄|repeat 🔁|fast_forward ⏩|rewind ⏪|double_vertical_bar ⏸️|arrow_forward ▶️
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|white_large_square ⬜|black_large_square ⬛
large_green_square 🟩|large_yellow_square 🟨|large_red_square 🟥|small_blue_diamond 🔹
small_orange_diamond 🔸|checkered_flag 🏁|triangular_flag_on_post 🚩|flag-us 🇺🇸|flag-de 🇩🇪|flag-gb 🇬🇧
flag-jp 🇯🇵|flag-ch 🇨🇭|flag-fr 🇫🇷|busts_in_silhouette 👥|bust_in_silhouette 👤|robot_face 🤖|ear 👂
ladder 🪜|bookmark 🔖|label 🏷️|moneybag 💰|ticket 🎫|door 🚪|bridge_at_night 🌉|put_litter_in_its_place 🚮
`;

const KNOWN = new Map(
  NAMES.split(/[|\n]/).filter(Boolean).map((entry) => entry.split(' ')),
);

/** What a person can react with by one press. */
export const CHOICE = [
  'ballot_box_with_check', 'white_check_mark', 'eyes', '+1', 'tada', 'pray', 'question', 'heart',
  'one', 'two', 'three', 'four', 'five', 'raised_hands', 'hourglass', 'x',
];

/** The character of a short name, or :name: where it is not known. Skin tones are left out. */
export function emoji(name) {
  return KNOWN.get(String(name).split('::')[0]) ?? `:${name}:`;
}

/** Every :name: that is known becomes its character. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (all, name) => KNOWN.get(name) ?? all);
}
