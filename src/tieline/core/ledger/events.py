"""What the ledger can say happened: every event tag, in the grammar `thing:act:outcome`.

A tag is never renamed or removed, because old entries hold it; new ones are added at will.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

GRAMMAR = re.compile(r"[a-z]{2,12}:[a-z]{2,16}:[a-z]{2,12}")


class Event(StrEnum):
    """One kind of event; `says` is its line for screens and docs."""

    says: str

    def __new__(cls, tag: str, says: str) -> Self:
        made = str.__new__(cls, tag)
        made._value_ = tag
        made.says = made.__doc__ = says
        return made

    # records, and what another agency was told of them
    RECORD_READ = "record:own:read", "A record was opened by its owner's own people."
    RECORD_WRITTEN = "record:own:written", "A record was made or changed by its owner."
    RECORD_PURGED = "record:own:purged", "A record's content was destroyed under its schedule."
    RECORD_SHOWN = (
        "record:disclosure:shown",
        "A record was shown to another agency, as far as the agreement goes.",
    )
    RECORD_REFUSED = (
        "record:disclosure:refused",
        "A record was asked for and not shown, or there is none: the tag does not tell which.",
    )
    SEARCH_ANSWERED = "record:search:answered", "A search was answered, hits or none."
    SEARCH_REFUSED = "record:search:refused", "A search was not run."
    COPY_MADE = "record:copy:made", "A numbered copy left as a file or on paper."
    COPY_REFUSED = "record:copy:refused", "A copy was asked for and not made."
    COPY_CALLED = "record:copy:recalled", "Copies were called in, to be destroyed."
    COPY_DESTROYED = "record:copy:destroyed", "A holder attested that a copy is destroyed."
    COPY_LOST = "record:copy:lost", "A holder said that a copy cannot be found."
    STAMP_ASKED = "record:stamp:asked", "An owner was asked whether a fact may be used."
    STAMP_GIVEN = "record:stamp:given", "An owner said which facts may be used."
    CORRECTION_SENT = "record:correction:sent", "A recipient was told that a record was corrected."
    CORRECTION_TAKEN = "record:correction:taken", "A recipient acknowledged a correction."
    RECEIPTS_TAKEN = (
        "record:receipt:taken",
        "A recipient's own system kept receipts of what its people were shown.",
    )
    STATEMENT_FILED = (
        "record:statement:filed",
        "A statement of disagreement was put beside a record by its owner.",
    )
    MARK_PROPOSED = (
        "mark:proposal:made",
        "A mark that a second person has to approve was proposed for a record.",
    )
    MARK_REFUSED = "mark:proposal:refused", "A proposed mark was not approved."
    MARK_LAPSED = "mark:proposal:lapsed", "Nobody decided on a proposed mark in time, and it fell."
    MARK_REOPENED = (
        "mark:approval:voided",
        "An approval of a mark counts no more, and somebody has to decide again.",
    )
    MARK_SET = "mark:caveat:set", "A mark was set on a record by its owner, or approved."
    MARK_REVIEWED = "mark:caveat:reviewed", "The grounds of a mark were found to hold still."
    MARK_ENDED = "mark:caveat:ended", "A mark was taken from a record by its owner."
    MARK_EXPIRED = "mark:caveat:expired", "A mark ended because nobody reviewed it in time."
    # pointers on their way to the exchange
    POINTER_TAKEN = "pointer:relay:taken", "The exchange took a pointer, or a newer version of it."
    POINTER_REFUSED = "pointer:relay:refused", "The exchange did not take a pointer."
    POINTER_WITHDRAWN = "pointer:relay:withdrawn", "A pointer and its keys were taken out."
    # notices, hits and conflicts
    NOTICE_SENT = "notice:delivery:sent", "A notice was put before a unit."
    NOTICE_WITHHELD = "notice:delivery:withheld", "The agreement gave no notice to this side."
    NOTICE_WITHDRAWN = "notice:delivery:withdrawn", "A notice was taken back."
    NOTICE_READ = "notice:content:shown", "A notice was opened."
    NOTICE_TAKEN = "notice:receipt:taken", "A unit acknowledged a notice."
    NOTICE_ESCALATED = "notice:clock:escalated", "Nobody answered in time, and others were told."
    HIT_RAISED = "lookout:hit:raised", "A lookout was hit; it is no ground to act yet."
    HIT_CONFIRMED = "lookout:hit:confirmed", "The lookout's owner confirmed a hit."
    HIT_DENIED = "lookout:hit:denied", "The lookout's owner said that a hit is another's."
    CONFLICT_RAISED = "conflict:check:raised", "Two operations or targets were found to meet."
    CONFLICT_RESOLVED = "conflict:answer:recorded", "How a conflict was resolved was written down."
    # links between records
    LINK_PROPOSED = "link:proposal:made", "Two pointers were proposed to be the same."
    LINK_JUDGED = "link:judgement:recorded", "A person said same, different or unsure of a link."
    LINK_FROZEN = "link:protection:frozen", "A link was closed because a record became protected."
    LINK_ENDED = "link:proposal:ended", "A proposal was taken back: the records speak against it."
    # asking an owner for more
    RELEASE_ASKED = "release:request:made", "An owner was asked to release more."
    RELEASE_GIVEN = "release:request:granted", "An owner released a record, whole or in part."
    RELEASE_REFUSED = "release:request:refused", "An owner refused a release, with its reason."
    RELEASE_SENT_UP = (
        "release:appeal:sent",
        "A request went to the council of both agencies, or on to the department.",
    )
    RELEASE_SPOKEN = (
        "release:council:spoken",
        "An agency said in the council whether to release, or entered what the department decided.",
    )
    RELEASE_RECALLED = "release:recall:done", "An owner took a release back."
    RELEASE_EXPIRED = "release:term:expired", "A release ended by its term."
    GLASS_BROKEN = "release:emergency:opened", "A record was opened for imminent danger."
    GLASS_CONFIRMED = "release:emergency:confirmed", "A second person confirmed the danger."
    GLASS_CLOSED = (
        "release:emergency:closed",
        "An emergency opening ended: by its owner, by who opened it, by its term or unconfirmed.",
    )
    GLASS_REVIEWED = "release:emergency:reviewed", "A second person reviewed an emergency opening."
    # the agreement, and legal protection
    AGREEMENT_SIGNED = "agreement:version:signed", "A party signed a version of the agreement."
    AGREEMENT_ADOPTED = "agreement:version:adopted", "A version of the agreement came into force."
    AGREEMENT_REFUSED = "agreement:version:refused", "A version failed its checks."
    PROTECTION_SET = "protection:flag:set", "A legal protection was set on a record."
    PROTECTION_ENDED = "protection:flag:ended", "A protection ended by a recorded denial."
    CLEARANCE_ASKED = (
        "protection:clearance:asked",
        "The protection desks were asked before somebody is sent away.",
    )
    CUSTODY_TOLD = (
        "protection:custody:told",
        "Who answers for a protected record was told that its person is about to be sent away.",
    )
    CUSTODY_BEGUN = (
        "protection:custody:begun",
        "Who answers for a protected record was told that its person is in custody.",
    )
    DESK_CALLED = "protection:desk:called", "A protection desk called whoever has custody."
    DESK_CLEARED = "protection:desk:cleared", "A protection desk answered that a hold is cleared."
    SOURCE_LISTED = (
        "protection:source:listed",
        "A source was listed that may not be the only one of an adverse fact.",
    )
    PRECAUTION_SET = "protection:caution:set", "A protection desk let bare precautions cross."
    PRECAUTION_ENDED = "protection:caution:ended", "Bare precautions cross no more."
    PRECAUTION_TOLD = (
        "protection:caution:told",
        "Bare precautions were told to another agency, without the record behind them.",
    )
    SOURCE_ENDED = "protection:source:ended", "A source was taken from such a list."
    # the ledger itself, and who reads it
    ERASE_DONE = "ledger:erase:done", "Side rows were erased; entries and tree stay as they were."
    CHECKPOINT_SIGNED = "ledger:checkpoint:signed", "The tree's head was signed."
    WITNESS_SIGNED = "ledger:witness:signed", "A partner co-signed the tree's head."
    WITNESS_REFUSED = "ledger:witness:refused", "A partner found the head inconsistent."
    LEDGER_EXPORTED = "ledger:export:made", "The ledger, or a part of it, was exported."
    LEDGER_RESTORED = "ledger:restore:done", "The system went on from a backup."
    AUDIT_SHOWN = "audit:read:shown", "Ledger entries were shown to somebody who may audit."
    AUDIT_REFUSED = "audit:read:refused", "Ledger entries were asked for and not shown."
    AUDIT_SAVED = "audit:review:saved", "A search of the ledger was saved as a review, or ended."
    AUDIT_SIGNED = "audit:review:signed", "A saved review was signed off."
    WATCH_SET = "audit:watch:set", "Auditors want to know who looks at one of their records."
    WATCH_ENDED = "audit:watch:ended", "A watch on a record was ended before its day."
    FINDING_RECORDED = "audit:finding:recorded", "A finding was opened, answered or closed."
    REDRESS_RECORDED = "redress:matter:recorded", "A matter of redress was taken, sent or decided."
    STATEMENT_MADE = "audit:statement:made", "An accounting of disclosures was made for a person."
    HOLD_SET = "retention:hold:set", "Destruction was suspended by a legal hold."
    HOLD_ENDED = "retention:hold:ended", "A legal hold was lifted."
    # people and nodes
    SIGN_IN_DONE = "account:signin:done", "A person signed in."
    SIGN_IN_REFUSED = "account:signin:refused", "A sign-in failed."
    PERSON_ADDED = "account:person:added", "A person was entered who may sign in."
    PERSON_LOCKED = "account:person:locked", "A person may not sign in any more."
    PERSON_UNLOCKED = "account:person:unlocked", "A person may sign in again."
    PASSWORD_CHANGED = "account:password:changed", "A password was changed, or given for one use."
    ASSIGNMENT_CHANGED = "account:assignment:changed", "An assignment was given, ended or taken up."
    TOKEN_CHANGED = "account:token:changed", "An access token was made or revoked."
    TOKEN_REFUSED = (
        "account:token:refused",
        "A token was refused: revoked, expired, its person locked or its assignment over.",
    )
    HOUSEHOLD_CHANGED = (
        "account:household:changed",
        "A person declared somebody of the own household, or ended it.",
    )
    CHANGE_REFUSED = (
        "account:change:refused",
        "A change was refused: to people of another agency, or to one's own access.",
    )
    CALL_REFUSED = "node:call:refused", "A call from another node was forged, stale or unsigned."
    SETTING_CHANGED = "node:setting:changed", "A setting that decides what is shown was changed."

    @property
    def thing(self) -> str:
        """What it happened to: the first part, by which audit pages group."""
        return self.value.split(":")[0]

    @property
    def act(self) -> str:
        """What was tried: the second part."""
        return self.value.split(":")[1]

    @property
    def outcome(self) -> str:
        """How it ended: the third part; `refused` always means that nothing was told."""
        return self.value.split(":")[2]
