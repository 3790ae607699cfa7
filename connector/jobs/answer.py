"""A job as the flat object that its status link answers, and that a callback carries."""

from __future__ import annotations

from connector.actions.action import JOB_FIELDS, Flat
from connector.actions.registry import ACTIONS
from connector.actions.services import Services
from connector.certificate.field import nothing
from connector.storage.jobs import Job, JobStatus


def job_answer(job: Job, services: Services, *, is_duplicate: bool = False) -> Flat:
    """The answer of a job as it stands: every other key null until it is done.

    A job of the service's own (a callback) has the job's keys only.
    """
    action = ACTIONS.get(job.action)
    answer = nothing(action.output_fields if action else JOB_FIELDS) | {"is_duplicate": False}
    if job.status == JobStatus.DONE and job.answer and action:
        answer |= job.answer
    if job.status == JobStatus.FAILED and job.error:
        answer |= {"error_code": job.error["code"], "error_message": job.error["message"]}
    return answer | {
        "job_id": job.id,
        "job_status": job.status,
        "status_url": services.page_url(f"/v1/jobs/{job.id}"),
        **({"is_duplicate": True} if is_duplicate else {}),
    }
