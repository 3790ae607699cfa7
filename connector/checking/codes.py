"""The stable reason codes of findings, and the words a broker reads for each.

Codes are published (`failure_codes`, web hooks): they are added, never renamed. `sentence` is the
line of a notice: `{name}` is the box ("Each occurrence"), `{limit}` the same
as a limit ("Each occurrence limit"), `{line}` the coverage line, `{required}`
and `{found}` the finding's own words. `ask` says what to send; it never asks for wording on a
certificate, because wording there changes no policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    MET = "met"
    MET_WITH_UMBRELLA = "met_with_umbrella"
    UNLIMITED = "unlimited"
    EXEMPT = "exempt"

    LINE_MISSING = "line_missing"
    LIMIT_TOO_LOW = "limit_too_low"
    STATED_LIMIT_TOO_LOW = "stated_limit_too_low"
    LIMIT_MISSING = "limit_missing"
    LIMIT_EXCLUDED = "limit_excluded"
    LIMIT_IN_WORDS = "limit_in_words"
    LIMIT_TOO_HIGH = "limit_too_high"
    UMBRELLA_UNCLEAR = "umbrella_unclear"

    EXPIRED = "expired"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    EXPIRES_BEFORE_PROJECT_END = "expires_before_project_end"
    DATE_MISSING = "date_missing"
    DATES_IMPLAUSIBLE = "dates_implausible"
    CANCELLED = "cancelled"
    CANCELLATION_ANNOUNCED = "cancellation_announced"
    GAP_IN_COVERAGE = "gap_in_coverage"
    CERTIFICATE_TOO_OLD = "certificate_too_old"

    BOX_NOT_TICKED = "box_not_ticked"
    BOX_TICKED = "box_ticked"
    NOT_STATED = "not_stated"
    VALUE_MISSING = "value_missing"
    VALUE_NOT_ACCEPTED = "value_not_accepted"
    CLAIMS_MADE = "claims_made"
    BOXES_CONTRADICT = "boxes_contradict"
    AUTOS_NOT_COVERED = "autos_not_covered"
    EDITION_NOT_ACCEPTED = "edition_not_accepted"
    EDITION_NEWER = "edition_newer"

    INSURED_DIFFERS = "insured_differs"
    HOLDER_DIFFERS = "holder_differs"
    NAME_MISSING = "name_missing"
    NAME_NEAR = "name_near"
    BLANKET_WORDING = "blanket_wording"
    NARROW_WORDING = "narrow_wording"

    ENDORSEMENT_MISSING = "endorsement_missing"
    STATED_NOT_EVIDENCED = "stated_not_evidenced"
    FORM_NOT_ACCEPTED = "form_not_accepted"
    FORM_NOT_RECOGNISED = "form_not_recognised"
    FORM_EDITION_UNKNOWN = "form_edition_unknown"
    FORM_NOT_NAMED = "form_not_named"
    DIRECT_CONTRACT_NEEDED = "direct_contract_needed"
    SOURCES_DISAGREE = "sources_disagree"
    NOTICE_TOO_SHORT = "notice_too_short"
    EXCLUSION_ATTACHED = "exclusion_attached"
    NOT_DETERMINABLE = "not_determinable"

    STATE_FUND = "state_fund"
    EXEMPTION_NOT_ACCEPTED = "exemption_not_accepted"

    RATING_TOO_LOW = "rating_too_low"
    RATING_UNKNOWN = "rating_unknown"
    NAIC_UNKNOWN = "naic_unknown"
    NAIC_DIFFERS = "naic_differs"

    NOT_MENTIONED = "not_mentioned"
    WORDING_REFUSED = "wording_refused"
    WORDING_NEAR = "wording_near"

    UNREADABLE = "unreadable"
    CONTEXT_MISSING = "context_missing"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a notice says of a finding, and what it asks for."""

    sentence: str
    ask: str


_NEW_CERTIFICATE = "Send a current certificate from the producer."
_ENDORSEMENT_PAGE = (
    "Send the endorsement page itself; a statement on the certificate is not enough."
)

WORDING: dict[Code, Wording] = {
    Code.LINE_MISSING: Wording("No {line} policy is shown; one is required.", "Send a certificate that shows this policy."),
    Code.LIMIT_TOO_LOW: Wording("{limit} is {found}; {required} is required.", "Send a new certificate once the policy has this limit."),
    Code.STATED_LIMIT_TOO_LOW: Wording("{limit} is stated as {found}; {required} is required. This edition of the form may state only the amount that was asked for.", "Send a certificate that states the policy's own limit, or the declarations page."),
    Code.LIMIT_MISSING: Wording("{limit} is blank; {required} is required.", "Send a certificate that states this limit."),
    Code.LIMIT_EXCLUDED: Wording("{name} is marked “{found}”; {required} is required.", "Send a new certificate once the policy has this limit."),
    Code.LIMIT_TOO_HIGH: Wording("{name} is {found}; at most {required} is accepted.", "Send a new certificate once the policy is within this amount."),
    Code.EXPIRED: Wording("The {line} policy {found}; it must be {required}.", "Send the renewal certificate."),
    Code.NOT_YET_IN_FORCE: Wording("The {line} policy {found}; it must be {required}.", "Send the certificate of the policy term before it."),
    Code.EXPIRES_BEFORE_PROJECT_END: Wording("The {line} policy {found}; it must be {required}.", "Send the renewal certificate when it is issued."),
    Code.DATE_MISSING: Wording("{name}: {found}; {required} is needed.", _NEW_CERTIFICATE),
    Code.CANCELLED: Wording("The {line} policy {found}.", "Send the reinstatement notice or the certificate of the policy that replaces it."),
    Code.GAP_IN_COVERAGE: Wording("Between two {line} policies there is a gap: {found}; {required} is required.", "Send proof of the policy for the days between."),
    Code.CERTIFICATE_TOO_OLD: Wording("The certificate is {found}; {required} is required.", _NEW_CERTIFICATE),
    Code.BOX_NOT_TICKED: Wording("{name} is not ticked; it is required.", "Send a certificate of a policy that has it."),
    Code.BOX_TICKED: Wording("{name} is marked {found}; {required} is required.", "Send a new certificate once the policy is changed."),
    Code.VALUE_MISSING: Wording("{name} is blank; {required} is required.", _NEW_CERTIFICATE),
    Code.VALUE_NOT_ACCEPTED: Wording("{name} is “{found}”; {required} is required.", "Send a new certificate once the policy is changed."),
    Code.NOT_STATED: Wording("{name} is blank; {required} is required.", _NEW_CERTIFICATE),
    Code.CLAIMS_MADE: Wording("The {line} policy is marked {found}; {required} is required.", "Send a certificate of a policy on an occurrence basis."),
    Code.AUTOS_NOT_COVERED: Wording("The auto policy is marked for {found}; {required} is required.", "Send a new certificate once the policy covers these autos."),
    Code.EDITION_NOT_ACCEPTED: Wording("The form's edition is {found}; {required} is accepted.", "Send the certificate on an accepted edition of the form."),
    Code.INSURED_DIFFERS: Wording("The certificate names {found} as insured; {required} is our vendor.", "Tell us how the two are related, or send the vendor's own certificate."),
    Code.HOLDER_DIFFERS: Wording("The certificate is issued to {found}; it must be issued to {required}.", "Send a certificate issued to us."),
    Code.NAME_MISSING: Wording("Not found as additional insured: {found}. Required: {required}.", "Send the additional insured endorsement, with its schedule, that covers each of them."),
    Code.BLANKET_WORDING: Wording("Additional insureds are described in general words ({found}); {required} is required by name.", "Send the additional insured endorsement, with its schedule, that covers each of them."),
    Code.ENDORSEMENT_MISSING: Wording("{name} for {line}: {found}; {required} is required.", "Send the endorsement page."),
    Code.STATED_NOT_EVIDENCED: Wording("{name} for {line} is {found}; {required} is required.", _ENDORSEMENT_PAGE),
    Code.FORM_NOT_ACCEPTED: Wording("{name} for {line}: {found}; {required} is required.", "Send the page of an accepted endorsement form."),
    Code.FORM_NOT_NAMED: Wording("{name} for {line}: {found}; {required} is required.", _ENDORSEMENT_PAGE),
    Code.DIRECT_CONTRACT_NEEDED: Wording("{found} covers only parties with a direct contract; {required} is required.", "Send an endorsement that also covers parties without a direct contract."),
    Code.NOTICE_TOO_SHORT: Wording("Notice of cancellation: {found}; {required} is required.", "Send the notice of cancellation endorsement."),
    Code.EXCLUSION_ATTACHED: Wording("The policy carries {found}; {required} is required.", "Send proof that the exclusion has been removed from the policy."),
    Code.EXEMPTION_NOT_ACCEPTED: Wording("A workers' compensation exemption is not accepted; {required} is required.", "Send a certificate that shows a workers' compensation policy."),
    Code.RATING_TOO_LOW: Wording("The insurer of the {line} policy is rated {found}; {required} is required.", "Send a certificate of a policy with an insurer of this rating."),
    Code.NAIC_DIFFERS: Wording("The insurer's name and NAIC code do not belong together: {found}.", "Send a certificate that names the insurer which issued the policy."),
    Code.NOT_MENTIONED: Wording("No document shows this: {required}.", "Send the endorsement or policy page that says so or, for a project, a certificate issued for it."),
    Code.WORDING_REFUSED: Wording("{name} says “{found}”, which is not accepted.", "Send the endorsement page, so that its own words can be read."),
}  # fmt: skip
"""Every code that a certain failure can have. The others are for our own reviewer, not a broker."""

MEANING: dict[Code, str] = {
    Code.MET: "The requirement is met.",
    Code.MET_WITH_UMBRELLA: "Met, because the umbrella tops the limit up; the finding shows the sum.",
    Code.UNLIMITED: "Met: the limit is printed as UNLIMITED.",
    Code.EXEMPT: "Met by a workers' compensation exemption that the rule set accepts.",
    Code.LINE_MISSING: "No policy of this line is shown.",
    Code.LIMIT_TOO_LOW: "The stated limit is below the required one.",
    Code.STATED_LIMIT_TOO_LOW: "As before, on an edition (2025/12) that may print only the amount requested: ask for the policy's own limit.",
    Code.LIMIT_MISSING: "The limit is blank.",
    Code.LIMIT_EXCLUDED: "The coverage is marked EXCLUDED or NONE.",
    Code.LIMIT_IN_WORDS: "Words stand in place of an amount; a person decides.",
    Code.LIMIT_TOO_HIGH: "A deductible or retention is above the accepted one.",
    Code.UMBRELLA_UNCLEAR: "The umbrella might top the limit up, but its own limit or dates are in doubt.",
    Code.EXPIRED: "The policy has ended on this day.",
    Code.NOT_YET_IN_FORCE: "The policy begins later.",
    Code.EXPIRES_BEFORE_PROJECT_END: "The policy ends before the project does.",
    Code.DATE_MISSING: "A date is blank.",
    Code.DATES_IMPLAUSIBLE: "The dates contradict each other or lie in the future.",
    Code.CANCELLED: "The carrier has cancelled the policy.",
    Code.CANCELLATION_ANNOUNCED: "A cancellation is announced, or a later certificate contradicts it.",
    Code.GAP_IN_COVERAGE: "Days lie between the previous policy and this one.",
    Code.CERTIFICATE_TOO_OLD: "The certificate was issued too long ago.",
    Code.BOX_NOT_TICKED: "A box that should be ticked is not.",
    Code.BOX_TICKED: "A box that should not be ticked is.",
    Code.NOT_STATED: "The box is blank, so nobody knows.",
    Code.VALUE_MISSING: "The box is blank where something is required.",
    Code.VALUE_NOT_ACCEPTED: "The box says something that is not accepted.",
    Code.CLAIMS_MADE: "The policy is on a claims-made basis.",
    Code.BOXES_CONTRADICT: "Two boxes, or a box and the words, contradict each other.",
    Code.AUTOS_NOT_COVERED: "The ticked autos are fewer than any auto.",
    Code.EDITION_NOT_ACCEPTED: "The form's edition is not accepted.",
    Code.EDITION_NEWER: "The form's edition is newer than the rule.",
    Code.INSURED_DIFFERS: "The insured is not the vendor.",
    Code.HOLDER_DIFFERS: "The certificate is issued to somebody else.",
    Code.NAME_MISSING: "Somebody who must be an additional insured is not named.",
    Code.NAME_NEAR: "A name is near but not the same; a person decides.",
    Code.BLANKET_WORDING: "General words stand in place of the names.",
    Code.NARROW_WORDING: "The words cover an additional insured for little, such as sole negligence; a person decides.",
    Code.ENDORSEMENT_MISSING: "The endorsement is neither on file nor stated.",
    Code.STATED_NOT_EVIDENCED: "A tick or words claim the endorsement; its page is not on file.",
    Code.FORM_NOT_ACCEPTED: "Another endorsement form is on file than those accepted.",
    Code.FORM_NOT_RECOGNISED: "An endorsement form is not in our list, perhaps a carrier's own.",
    Code.FORM_EDITION_UNKNOWN: "The form is the right one, its edition is not printed.",
    Code.FORM_NOT_NAMED: "The endorsement is claimed or on file without a form number.",
    Code.DIRECT_CONTRACT_NEEDED: "The form covers only parties with a direct contract.",
    Code.SOURCES_DISAGREE: "Sources disagree on what the form covers; a person decides.",
    Code.NOTICE_TOO_SHORT: "The endorsement gives fewer days of notice.",
    Code.EXCLUSION_ATTACHED: "An exclusion form is on file or named.",
    Code.NOT_DETERMINABLE: "A certificate cannot show it.",
    Code.STATE_FUND: "The state has a state fund only; ask for its certificate.",
    Code.EXEMPTION_NOT_ACCEPTED: "There is an exemption, which the rule set does not accept.",
    Code.RATING_TOO_LOW: "The insurer is rated below the required grade.",
    Code.RATING_UNKNOWN: "The rating table has no rating for the insurer.",
    Code.NAIC_UNKNOWN: "The insurer's NAIC code is blank or not in the rating table.",
    Code.NAIC_DIFFERS: "The NAIC code belongs to another insurer.",
    Code.NOT_MENTIONED: "The text does not mention it.",
    Code.WORDING_REFUSED: "The text says something that is not accepted.",
    Code.WORDING_NEAR: "The text says something near to it; a person decides.",
    Code.UNREADABLE: "The box holds something that could not be read with certainty.",
    Code.CONTEXT_MISSING: "The check was not told what the rule depends on.",
}
"""Every code in a sentence, for the documentation."""
