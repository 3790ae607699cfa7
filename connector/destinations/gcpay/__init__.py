"""GCPay has no public interface, so what a person needs is prepared; a cover sheet's mail can be sent.

An item stays red until a person of the contractor clicks Verify; nothing here pretends to have done
that. Entry points: `ways`, `content`, `write`.
"""
