"""Why a SOAP service cannot be called, in words of ours, with the mend for each."""

from collections.abc import Mapping
from enum import StrEnum

from adapters.kit.errors import SourceFault
from adapters.kit.http_faults import mend_for
from adapters.kit.reader import Finding, FindingState


class SoapBecause(StrEnum):
    """Is the step that failed; nothing that the service or its WSDL said is part of it."""

    NO_LIBRARY = "zeep is not installed"
    NO_WSDL = "the WSDL cannot be read"
    FOREIGN = "the WSDL refers to documents elsewhere"
    UNUSABLE = "the WSDL is no description of a service that can be called, or it has a document type"
    NO_PORT = "the WSDL has no such service or port"
    HEARD = "the WSDL leads to an address where others could read the password"
    LEADS_ELSEWHERE = "the WSDL was fetched from one host and leads to another"
    NO_OPERATION = "there is no such operation"
    NO_PARAMETER = "the operation does not take these parameters"
    NO_ROWS = "no reply can have what `rows` names"
    FAULT = "it answers with a fault"


MENDS: Mapping[SoapBecause, str] = {
    SoapBecause.NO_LIBRARY: "Install it: `pip install 'sharing-hub[soap]'`.",
    SoapBecause.NO_WSDL: "Check `wsdl`, and the permissions of the file.",
    SoapBecause.FOREIGN: "Save all of its documents into one folder, with references within it; `wsdl` is its file.",
    SoapBecause.UNUSABLE: "Check that `wsdl` is a WSDL 1.1 with SOAP over HTTP, and without `<!DOCTYPE>`.",
    SoapBecause.NO_PORT: "Check `service` and `port`.",
    SoapBecause.HEARD: "Write an address that begins `https://` into `url`.",
    SoapBecause.LEADS_ELSEWHERE: "If that is right, write that address into `url`.",
    SoapBecause.NO_OPERATION: "Check `operation`.",
    SoapBecause.NO_PARAMETER: "Check the names of `keys`, `with` and `by`.",
    SoapBecause.NO_ROWS: "Check `rows`: the path begins within the operation's response.",
    SoapBecause.FAULT: "Ask its operator what it says about this call, and what its account may read.",
}


def mend_of(fault: SourceFault) -> str:
    """Give the mend of a fault: by its cause where that is known."""
    return MENDS[fault.because] if isinstance(fault.because, SoapBecause) else mend_for(fault)


def unusable(fault: SourceFault) -> Finding:
    """Say in a check why the service cannot be called at all."""
    why = fault.because.value if fault.because is not None else f"the WSDL cannot be read ({fault.kind.value})"
    return Finding(state=FindingState.FAULT, what=f"wsdl: {why}", mend=mend_of(fault))
