"""Our errors as Make's, which decides by the type what becomes of a run.

RateLimitError and ConnectionError are tried again by themselves, DataError waits for a person,
InvalidAccessTokenError switches the scenario off: so it is for a wrong key and nothing else.
"""

from __future__ import annotations

from typing import Any

from connector.catalog.failures import failures

TYPES = {
    400: "RuntimeError",
    401: "InvalidAccessTokenError",
    403: "DataError",
    404: "DataError",
    405: "RuntimeError",
    408: "ConnectionError",
    409: "DataError",
    413: "DataError",
    415: "RuntimeError",
    422: "DataError",
    429: "RateLimitError",
    500: "ConnectionError",
    502: "ConnectionError",
    503: "ConnectionError",
    504: "ConnectionError",
    507: "ConnectionError",
}

NO_SENTENCE = "The service gave no reason; it may be starting again. Try once more in a minute."
MESSAGE = f"[{{{{statusCode}}}}] {{{{ifempty(body.error.message, '{NO_SENTENCE}')}}}}"
WAIT = " Try again in {{ifempty(headers.`retry-after`, 60)}} seconds."
STILL_WORKING = "This is still being worked on. It is safe to run it again in a few minutes."


def error_table() -> dict[str, Any]:
    """`response.error`: a sentence and a type for every status. KeyError: a status has no type."""
    for kind in failures():
        TYPES[kind.status]
    by_status = {str(status): _said(status, kind) for status, kind in TYPES.items()}
    return {"message": MESSAGE, "type": "RuntimeError", **by_status}


def _said(status: int, kind: str) -> dict[str, str]:
    return {"message": MESSAGE + (WAIT if status == 429 else ""), "type": kind}


def not_failed() -> dict[str, str]:
    """`response.valid`: a job that failed is an error although its answer came with a 200."""
    return {
        "condition": "{{body.job_status != 'failed'}}",
        "message": "{{body.error_message}}",
        "type": _type_of_failure(),
    }


def done() -> dict[str, str]:
    """`response.valid` of the last look at a job: by now it must be done."""
    return {
        "condition": "{{body.job_status == 'done'}}",
        "message": f"{{{{ifempty(body.error_message, '{STILL_WORKING}')}}}}",
        "type": _type_of_failure(or_unfinished=True),
    }


def _type_of_failure(or_unfinished: bool = False) -> str:
    """An expression: what may go well later is tried again, the rest waits for a person."""
    codes = {kind.code for kind in failures() if kind.retryable} - {
        kind.code for kind in failures() if not kind.retryable
    }
    said = " || ".join(f"body.error_code == '{code}'" for code in sorted(codes))
    if or_unfinished:
        said = f"body.job_status != 'failed' || {said}"
    return f"{{{{if({said}, 'ConnectionError', 'DataError')}}}}"
