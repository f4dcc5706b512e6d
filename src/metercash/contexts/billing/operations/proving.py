"""A sample of every batch is made again by the second calculator before anything of it is stored."""

from collections.abc import Sequence

from metercash.contexts.billing.contracts import BillNotProved
from metercash.contexts.billing.core import proving
from metercash.contexts.billing.core.draft import Draft
from metercash.contexts.tariffs import api as tariffs
from metercash.platform import db
from metercash.proof.bill import verify


@db.transaction_required
def prove(drafts: Sequence[Draft], *, run_id: int, purpose: str) -> int:
    """Verify the sample of a run's batch from exactly the content that would be stored.

    Returns:
        How many bills were verified.

    Raises:
        BillNotProved: naming the account and the difference; the batch must not be stored.
    """
    chosen = [(draft, proving.content_of(draft)) for draft in proving.sample(drafts, run_id=run_id)]
    hashes = {sha for _, content in chosen for sha in proving.hashes_of(content)}
    documents = tariffs.texts_by_hash(hashes=hashes)
    for draft, content in chosen:
        face = proving.face_of(draft, purpose=purpose)
        if told := verify(proving.proof_document(content, face, documents)):
            zh, en = told[0]
            raise BillNotProved(
                account_no=draft.facts.account_no,
                difference=zh,
                difference_en=en,
                more=len(told) - 1,
            )
    return len(chosen)
