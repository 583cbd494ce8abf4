"""Names compared: written differently, another form, a slip, sounding alike, in part, or another name.

A slip is not agreement where it makes another name: twins are called Mia and Maia, Jon and Jan, Daniel and Daniela.
"""

from collections.abc import Callable

from jellyfish import metaphone
from rapidfuzz.distance import OSA, JaroWinkler

from hub.linkage import likeness
from hub.linkage.family_forms import FAMILY_FORMS, NO_FAMILY_FORMS
from hub.linkage.features import Name
from hub.linkage.forms import FORMS, LEADING_PARTS, LEADING_SYLLABLES, OF_MEN, OF_WOMEN, Rank
from hub.linkage.given_names import GIVEN_NAMES
from hub.linkage.likeness import Agreement, Compared

NEAR = 0.92
# Under this, two names have nothing to do with each other.
FAR = 0.75
# With names that sound alike: how near they must be spelled to be taken for one.
NEAR_ENOUGH_TO_SOUND = 0.8
SHORTEST_FOR_SLIP = 5
# Family names do not tell twins apart, so that less depends on a slip in one.
SHORTEST_FAMILY_NAME_FOR_SLIP = 4
SHORTEST_SOUND = 3
BOTH_OF_ONE_PART = 2
SHORTEST_LEADING = 3

IsName = Callable[[str], bool]


def given_names(one: Name, other: Name, is_known: IsName) -> Compared:
    """Compare given names; `is_known` tells of a spelling whether people bear it."""
    if found := _same(one, other):
        return found
    if found := _other_form(one, other):
        return found
    may_be_part = len(one.parts) + len(other.parts) > BOTH_OF_ONE_PART or 1 in (len(one.spelled), len(other.spelled))
    if may_be_part and (found := _initials(one, other) or _given_in_part(one, other)):
        return found
    are_two = _is_name(one, is_known) and _is_name(other, is_known)
    return _nearly(one, other, are_two=are_two, is_close=not are_two and _may_be_slip(one.spelled, other.spelled))


def family_names(one: Name, other: Name) -> Compared:
    """Compare family names: in part where one of them is double-barrelled."""
    if found := _same(one, other):
        return found
    if found := _initials(one, other):
        return found
    if _shares_parts(one, other):
        return likeness.PARTLY_NEARLY
    if _other_spelling(one, other):
        return likeness.WRITTEN_NEARLY
    shortest = min(len(one.spelled), len(other.spelled))
    return _nearly(one, other, are_two=False, is_close=shortest >= SHORTEST_FAMILY_NAME_FOR_SLIP)


def swapped(one: tuple[Name, Name], other: tuple[Name, Name]) -> Compared | None:
    """Compare given and family name of one with family and given name of the other; None where they are not those.

    One that is where the other's is, and another that is something like it, are enough for doubt and for no more.
    """
    first = one[0].spelled[0] == other[1].spelled[0], one[1].spelled[0] == other[0].spelled[0]
    if not any(first):
        return None
    across = [_across(one[0], other[1]), _across(one[1], other[0])]
    if all(first) and min(across) >= Agreement.NEARLY:
        return likeness.SWAPPED if min(across) is Agreement.SURELY else likeness.SWAPPED_NEARLY
    if across[0] is Agreement.SURELY and _resemble(one[1], other[0]):
        return likeness.SWAPPED_PERHAPS
    if across[1] is Agreement.SURELY and _resemble(one[0], other[1]):
        return likeness.SWAPPED_PERHAPS
    return None


def may_agree(one: tuple[Name, Name], other: tuple[Name, Name]) -> bool:
    """Tell, in fewer steps than comparing, whether given and family name of two records can agree nearly at all.

    What agrees nearly begins alike, has a part in common, or is another form; in each other's place both begin alike.
    """
    given, theirs = one[0], other[0]
    if given.spelled[0] == theirs.spelled[0] or not set(given.parts).isdisjoint(theirs.parts):
        return True
    if given.forms and not theirs.forms.keys().isdisjoint(given.forms):
        return True
    return given.spelled[0] == other[1].spelled[0] and one[1].spelled[0] == theirs.spelled[0]


def _resemble(one: Name, other: Name) -> bool:
    """Tell whether one name may have been written or called like the other: by its letters, a part, or a short form."""
    if JaroWinkler.similarity(one.spelled, other.spelled) >= FAR or set(one.core) & set(other.core):
        return True
    return bool(one.forms.keys() & other.forms.keys())


def _across(one: Name, other: Name) -> Agreement:
    found = _same(one, other)
    if found:
        return found.agreement
    is_near = min(len(one.spelled), len(other.spelled)) >= SHORTEST_FOR_SLIP and (
        OSA.distance(one.spelled, other.spelled, score_cutoff=1) <= 1
    )
    return Agreement.NEARLY if is_near else Agreement.NO


def _same(one: Name, other: Name) -> Compared | None:
    """Tell names apart only by what is not the name: accents, gaps, order of parts, titles, what many bear."""
    if len(one.parts[-1]) == 1 and len(one.spelled) == len(one.parts):
        # Initials are those of many.
        return None
    if one is other or one.written == other.written:
        return likeness.EQUAL
    if one.spelled == other.spelled:
        is_case_only = one.written.casefold() == other.written.casefold()
        return likeness.EQUAL if is_case_only else likeness.WRITTEN_DIFFERENTLY
    if (len(one.parts) > 1 and sorted(one.parts) == sorted(other.parts)) or (
        one.core == other.core and _says_enough(one) and not _are_of_two_genders(one, other)
    ):
        return likeness.WRITTEN_DIFFERENTLY
    return None


def _other_form(one: Name, other: Name) -> Compared | None:
    """Compare two forms of a name: enough where one of them is the name itself, or both sound alike."""
    if not one.forms or not other.forms:
        return None
    ranks = [(one.forms[name], other.forms[name]) for name in one.forms.keys() & other.forms.keys()]
    if not ranks:
        return None
    if all(Rank.KIN in pair for pair in ranks) or _are_of_two_genders(one, other):
        return likeness.KIN
    is_name = any(Rank.NAME in pair and Rank.KIN not in pair for pair in ranks)
    is_sure = is_name or metaphone(one.spelled) == metaphone(other.spelled)
    return likeness.SHORT_FORM if is_sure else likeness.SHORT_FORM_NEARLY


def _are_of_two_genders(one: Name, other: Name) -> bool:
    """Tell whether one has a part that women bear, and the other one that men do: Manpreet Kaur, Manpreet Singh."""
    mine, theirs = set(one.parts), set(other.parts)
    return bool((mine & OF_WOMEN and theirs & OF_MEN) or (mine & OF_MEN and theirs & OF_WOMEN))


def _other_spelling(one: Name, other: Name) -> bool:
    mine = FAMILY_FORMS.get("".join(one.core))
    return mine is not None and not mine.isdisjoint(FAMILY_FORMS.get("".join(other.core), NO_FAMILY_FORMS))


def _says_enough(one: Name) -> bool:
    return len("".join(one.core)) >= SHORTEST_LEADING


def _initials(one: Name, other: Name) -> Compared | None:
    """Compare an initial with a name that begins with it."""
    shorter, longer = (one, other) if len(one.spelled) <= len(other.spelled) else (other, one)
    if len(shorter.spelled) == 1 or (len(shorter.parts[0]) == 1 and len(shorter.parts) > 1):
        return likeness.PARTLY if longer.spelled[0] == shorter.spelled[0] else likeness.DIFFERENT
    return None


def _given_in_part(one: Name, other: Name) -> Compared | None:
    """Compare a name with the same name and a further one: enough, unless it is one that many give with a second."""
    shorter, longer = (one.core, other.core) if len(one.core) < len(other.core) else (other.core, one.core)
    if len(shorter) == len(longer) or not set(shorter) <= set(longer):
        return None
    first = shorter[0]
    is_enough = longer[: len(shorter)] == shorter and len(first) >= SHORTEST_LEADING and first not in LEADING_PARTS
    return likeness.PARTLY_NEARLY if is_enough else likeness.PARTLY


def _shares_parts(one: Name, other: Name) -> bool:
    """Tell whether one is the other with something left out: half of a double name, or all beside Singh or Kaur."""
    if len(one.parts) == len(other.parts) == 1:
        return False
    shared = set(one.core) & set(other.core)
    if len(one.core) != len(other.core) and any(len(part) >= SHORTEST_LEADING for part in shared):
        return True
    mine, theirs = set(one.parts), set(other.parts)
    return (mine < theirs or theirs < mine) and any(len(part) >= SHORTEST_LEADING for part in mine & theirs)


def _nearly(one: Name, other: Name, *, are_two: bool, is_close: bool) -> Compared:
    """Compare names that are not the same by spelling and sound; `are_two` where both are names of their own."""
    near = JaroWinkler.similarity(one.spelled, other.spelled)
    if OSA.distance(one.spelled, other.spelled, score_cutoff=1) <= 1 or near >= NEAR:
        if are_two:
            return likeness.OTHER_NAME_LIKE_A_SLIP
        return likeness.SLIP if is_close else likeness.DOUBTFUL_SLIP
    sound = metaphone(one.spelled)
    if sound and sound == metaphone(other.spelled):
        if are_two:
            return likeness.OTHER_NAME_OF_THAT_SOUND
        is_enough = is_close and len(sound) >= SHORTEST_SOUND and near >= NEAR_ENOUGH_TO_SOUND
        return likeness.SOUNDS_ALIKE if is_enough else likeness.DOUBTFUL_SOUND
    return likeness.DIFFERENT if are_two or near < FAR else likeness.DIFFERENT_PERHAPS


def _is_name(one: Name, is_known: IsName) -> bool:
    return one.spelled in FORMS or one.spelled in GIVEN_NAMES or is_known(one.spelled)


def _may_be_slip(one: str, other: str) -> bool:
    """Tell whether a slip leaves a given name what it is: not in a short one, at its beginning, or in what ends it.

    With what many names begin with, the rest is the name: Abdulrahman and Abdulrahim are brothers.
    """
    for leading in LEADING_SYLLABLES:
        if one.startswith(leading) and other.startswith(leading):
            one, other = one[len(leading) :], other[len(leading) :]
            break
    if min(len(one), len(other)) < SHORTEST_FOR_SLIP or one[0] != other[0]:
        return False
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    return not _is_other_gender(*sorted((one, other), key=lambda name: (len(name), name)))


def _is_other_gender(shorter: str, longer: str) -> bool:
    """Tell whether only an ending differs that makes a woman's name of a man's: Daniel, Daniela; Mario, Maria."""
    if len(shorter) == len(longer):
        return shorter[:-1] == longer[:-1] and {shorter[-1], longer[-1]} <= set("aeiou")
    return longer in (f"{shorter}a", f"{shorter}e", f"{shorter}ah", f"{shorter}ia", f"{shorter}na")
