"""Mutants of what outlives its right: connections, strangers' calls, and changes of files that stopped half-way."""

from tests.mutants.mutant import Mutant, mutant

EDGE = "tests/unit/hub/edge/test_certificates.py"
ROLLING = "tests/integration/enrolling/test_rolling.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a connection from before its authority was retired opens and renews nothing",
        "hub/edge/certificates.py",
        '    raise NotAnAgency("foreign")\n',
        "    return x509.load_pem_x509_certificates(authorities)[0].fingerprint(SHA256()).hex()\n",
        f"{EDGE}::test_a_certificate_of_an_authority_that_is_not_trusted_any_more_stands_for_nobody",
        f"{ROLLING}::test_a_connection_from_before_an_authority_was_retired_neither_links_nor_renews_afterwards",
    ),
)
