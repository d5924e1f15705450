"""Whether the words of an edition are approved, by whom, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from handouts import reading
from handouts.body import Body, Notice
from handouts.model import Approval, Library, Treatment
from handouts.resolve import AS_WRITTEN, Place, body

FOREVER = date.min
"""A day before every other: with it as today, nothing is past."""


@dataclass(frozen=True)
class Standing:
    """`digest`: of the words. `behind`: a translation whose original has changed since.

    `ends`: the last day on which the sheet may be used.
    """

    digest: str
    approval: Approval | None
    behind: bool
    ends: date

    @property
    def draft(self) -> bool:
        return self.approval is None or self.behind

    def expired(self, today: date) -> bool:
        return today > self.ends

    def notice(self, today: date) -> Notice:
        ended = self.ends if self.expired(today) else None
        if self.draft or not self.approval:
            return Notice(expired=ended)
        return Notice(self.approval.on, self.approval.role, ended)


class Register:
    """Answers for the editions of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._written = cache(self._digest_as_written)

    def is_limited(self, treatment: Treatment, place: Place) -> bool:
        """Whether some approval of the sheet is for certain clinics only."""
        return any(approval.only for approval in self._approvals(treatment, place))

    def standing(
        self, treatment: Treatment, place: Place, body: Body, clinic: str = ""
    ) -> Standing:
        digest = reading.digest(body)
        approval = self._approval(treatment, place, digest, clinic)
        ends = [body.review_by]
        if approval and approval.until:
            ends.append(approval.until)
        behind = self._is_behind(treatment, place, approval)
        return Standing(digest, approval, behind, min(ends))

    def original(self, treatment: Treatment, place: Place) -> str | None:
        """The digest of what a translation translates; None for an original."""
        if not treatment.handouts[place].follows:
            return None
        language = treatment.original(place[1])
        return self.as_written(treatment, (language, place[1])) if language else None

    def as_written(self, treatment: Treatment, place: Place) -> str | None:
        """The digest of a sheet as its author wrote it, without any clinic's settings.

        The versions of other sheets that it lists are not the author's.
        """
        return self._written(treatment.id, place)

    def has_changed(self, treatment: Treatment, place: Place) -> bool:
        """Whether this version of the sheet was approved, in other words than it has now."""
        version = treatment.handouts[place].version
        approvals = self._approvals(treatment, place)
        approved = [each.library for each in approvals if each.version == version]
        return bool(approved) and self.as_written(treatment, place) not in approved

    def _approvals(self, treatment: Treatment, place: Place) -> Iterator[Approval]:
        sheet = (f"{treatment.id}/{place[1]}", place[0])
        for approval in self._library.approvals:
            if (approval.sheet, approval.language) == sheet:
                yield approval

    def _approval(
        self, treatment: Treatment, place: Place, digest: str, clinic: str
    ) -> Approval | None:
        """The latest of those for these words in this clinic; of one day, the last written."""
        latest = None
        for approval in self._approvals(treatment, place):
            holds = digest in approval.words and (not approval.only or clinic in approval.only)
            if holds and (latest is None or approval.on >= latest.on):
                latest = approval
        return latest

    def lags(self, treatment: Treatment, place: Place) -> bool:
        """Whether a translation follows an older version of its original, or one that is gone."""
        follows, language = treatment.handouts[place].follows, treatment.original(place[1])
        if not follows:
            return False
        return not language or follows != treatment.handouts[language, place[1]].version

    def _is_behind(self, treatment: Treatment, place: Place, approval: Approval | None) -> bool:
        if self.lags(treatment, place):
            return True
        return approval is not None and approval.original != self.original(treatment, place)

    def _digest_as_written(self, treatment_id: str, place: Place) -> str | None:
        treatment = self._library.treatments[treatment_id]
        if place[0] not in self._library.wording or place[0] not in treatment.words:
            return None
        said = body(self._library, treatment, place, AS_WRITTEN)
        return reading.digest(replace(said, leaflets=()))
