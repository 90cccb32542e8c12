"""What may happen in a story, drawn at random."""

from hypothesis import strategies as st

from handlers.commands import VERBS
from tests.leaks.around import ChangeRoom, Fail, Pass, PutPerson
from tests.leaks.cast import EVERYBODY
from tests.leaks.forged import Guess, Probe, ProbeList, Repeat, Steal
from tests.leaks.pressed import Close, Press, Search, Send
from tests.leaks.typed import FormOfTheirOwn, OpenHome, Talk, Type, TypeAndSend

PEOPLE = st.sampled_from(EVERYBODY)
MANAGERS = st.sampled_from(("U0PRIYA", "U0OLIVIA", "U0LENA", "U0HANA"))
FIRMS = st.sampled_from(("Northwind Bio", "Helix Devices"))
ROLES = st.sampled_from(("team", "manager", "sponsor"))
INDEX = st.integers(0, 30)
WAYS = st.sampled_from(("dm", "command", "mention"))
REFERENCES = st.sampled_from(("OUR-1", "HEL-1", "OUR-2", "HEL-2", "OUR-3", "HEL-3", "ORI-1"))
TAILS = st.sampled_from(
    ("", "*", "@1", "fri", "nobody", "@1 * by Fri", "* by Fri", "away until fri")
)
WORDS = st.sampled_from(("* by Fri", "@1 * by Fri", "*", "", "* with @1 by tomorrow", "@1 *"))
LISTS = ("mine", "open", "overdue", "waiting", "home", "people", "help", "settings")
ABOUT = tuple(name for name, verb in VERBS.items() if verb.takes_reference)
OTHER = tuple(name for name, verb in VERBS.items() if not verb.takes_reference)
METHODS = ("chat.postMessage", "chat.update", "conversations.info", "conversations.members")

RECORD = st.builds(
    Type, PEOPLE, WAYS, st.sampled_from(("internal", "action")), st.just(""), WORDS, INDEX, INDEX
)
LIST = st.builds(Type, PEOPLE, WAYS, st.sampled_from(LISTS), room=INDEX)
WORK = st.builds(Type, PEOPLE, WAYS, st.sampled_from(ABOUT), REFERENCES, TAILS, INDEX, INDEX)
ANYTHING = st.builds(
    Type,
    PEOPLE,
    WAYS,
    st.sampled_from((*OTHER, "xyzzy", "please")),
    st.just(""),
    TAILS,
    INDEX,
    INDEX,
)
BY_FORM = st.one_of(
    st.builds(Type, PEOPLE, st.just("command"), st.sampled_from(("action", "internal"))),
    st.builds(Type, PEOPLE, st.just("command"), st.sampled_from(("share", "takeback")), REFERENCES),
    st.builds(Type, PEOPLE, st.just("command"), st.sampled_from(ABOUT), REFERENCES),
)
THROUGH_A_FORM = st.builds(TypeAndSend, BY_FORM, INDEX, INDEX, INDEX)
PRESS = st.builds(Press, PEOPLE, INDEX)
SEND = st.builds(Send, PEOPLE, INDEX, INDEX, INDEX)
TALK = st.builds(Talk, PEOPLE, INDEX, st.sampled_from(("menu", "reaction", "")), PEOPLE)
HOSTILE = st.one_of(
    st.builds(Steal, PEOPLE, INDEX),
    st.builds(Probe, PEOPLE, st.integers(0, 200), INDEX, st.booleans()),
    st.builds(ProbeList, PEOPLE, INDEX, INDEX),
    st.builds(
        Guess, PEOPLE, st.sampled_from(ABOUT), st.sampled_from(("", "fri", "because", "@jonas"))
    ),
    st.builds(Repeat, INDEX),
)
AROUND = st.one_of(
    st.builds(
        ChangeRoom,
        st.sampled_from(
            (
                "invite",
                "slips in",
                "rename",
                "remove",
                "share",
                "helix",
                "unshare",
                "pending",
                "guest",
            )
        ),
    ),
    st.builds(PutPerson, MANAGERS, PEOPLE, FIRMS, ROLES, st.sampled_from(("", "later", "today"))),
    st.builds(
        Fail,
        st.sampled_from(METHODS),
        st.sampled_from(("ratelimited", "internal_error")),
        st.integers(1, 3),
    ),
)
TIME = st.builds(Pass, st.sampled_from(("P1D", "PT2H", "P3D", "PT61S", "P8D")))
SMALL = st.one_of(
    st.builds(OpenHome, PEOPLE),
    st.builds(FormOfTheirOwn, PEOPLE),
    st.builds(Close, PEOPLE),
    st.builds(Search, PEOPLE, st.sampled_from(("", "o", "li"))),
)

ACTION = st.one_of(
    RECORD,
    RECORD,
    THROUGH_A_FORM,
    THROUGH_A_FORM,
    PRESS,
    PRESS,
    PRESS,
    SEND,
    SEND,
    WORK,
    WORK,
    LIST,
    TALK,
    HOSTILE,
    HOSTILE,
    AROUND,
    TIME,
    ANYTHING,
    SMALL,
)
"""Some kinds come more often than others."""


HANA_SHARES = Type("U0HANA", "command", "share", "OUR-1")
OLIVIA_MANAGES = PutPerson("U0PRIYA", "U0OLIVIA", "Helix Devices", "manager")
BEGINNINGS: tuple[tuple[object, ...], ...] = (
    (),
    (OLIVIA_MANAGES,),
    (OLIVIA_MANAGES, Type("U0OLIVIA", "dm", "export"), Type("U0OLIVIA", "dm", "audit")),
    (ChangeRoom("slips in"), Pass("PT61S")),
    (ChangeRoom("invite"),),
    (TypeAndSend(HANA_SHARES, 0, 0, 0),),
)
"""Circumstances that few stories would come to by themselves."""


def stories(longest: int) -> st.SearchStrategy[list[object]]:
    going_on = st.lists(ACTION, min_size=longest // 2, max_size=longest)
    return st.builds(lambda begun, rest: [*begun, *rest], st.sampled_from(BEGINNINGS), going_on)
