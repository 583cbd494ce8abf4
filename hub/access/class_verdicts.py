"""The verdict on each class of a question's fields, and the rules and agreements that decided it."""

from dataclasses import dataclass

from hub.access.considering import Wish
from hub.access.explanation import AgreementConsidered, RuleConsidered, Verdict
from hub.access.policy import Policy
from hub.access.rows import Effect
from hub.access.telling import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """All that is considered for one wish; decides class by class."""

    policy: Policy
    wish: Wish
    rules: tuple[RuleConsidered, ...]
    agreements: tuple[AgreementConsidered, ...]

    def verdict(self, name: str) -> Verdict:
        """Decide one class by itself: granted in every area of the office, denied in none, and agreed."""
        if self._areas_without(name):
            return Verdict.NOT_GRANTED
        if self._naming(name, Effect.DENY):
            return Verdict.DENIED
        if not self._is_own and not self._covering(name):
            return Verdict.NO_AGREEMENT
        return Verdict.SHOWN

    def told(self, name: str, verdict: Verdict) -> str:
        """Say in plain words what becomes of a class, and name what decided it."""
        title = self.policy.catalogue.field_classes[name].title
        grants = listed(self._naming(name, Effect.ALLOW), "and")
        match verdict:
            case Verdict.SHOWN:
                agreed = "nobody needs an agreement with their own agency"
                if not self._is_own:
                    agreed = f"covered by {listed(self._covering(name), 'and')}"
                return f"{title} may be seen: given by {grants}; {agreed}{self._terms(name)}."
            case Verdict.NOT_GRANTED:
                areas = [self.policy.catalogue.areas[area].title for area in self._areas_without(name)]
                return f"{title} may not be seen: no grant names it with all the rest in {listed(areas, 'or')}."
            case Verdict.DENIED:
                return f"{title} may not be seen: denied by {listed(self._naming(name, Effect.DENY), 'and')}."
            case Verdict.NO_AGREEMENT:
                return f"{title} may not be seen: given by {grants}, but no agreement in force covers it."
            case Verdict.WITHOUT_IDENTITY:
                return f"{title} might be seen, but not while what says who the person is may not."

    def _terms(self, name: str) -> str:
        """Say what a record's own terms may still keep back."""
        found = self.policy.catalogue.field_classes[name]
        if self._is_own or not found.is_kept_back:
            return ""
        return "; of each record only with consent, or on a ground" if found.consent else "; unless somebody objects"

    @property
    def _is_own(self) -> bool:
        return self.wish.agency == self.wish.office.agency

    def _areas_without(self, name: str) -> tuple[str, ...]:
        """Return the areas of the office in which no grant names the class."""
        grants = (rule for rule in self.rules if rule.effect is Effect.ALLOW and name in rule.counts_for)
        granted = {area for rule in grants for area in rule.areas}
        return tuple(area for area in self.wish.office.areas if area not in granted)

    def _naming(self, name: str, effect: Effect) -> list[str]:
        """Name the rules of one effect that name the class and miss nothing."""
        return [rule.name for rule in self.rules if rule.effect is effect and name in rule.counts_for]

    def _covering(self, name: str) -> list[str]:
        """Name the agreements that cover the class now."""
        return [f"“{found.title}”" for found in self.agreements if name in found.counts_for]
