"""What can go wrong between a notebook and the Hub, in words: why, and what to do about it.

Facts come from `diagnosis`; here they become sentences. No sentence holds an address with its query, a token, or a proxy's
password.
"""

from dataclasses import dataclass

# These are about one repository; everything else is about the Hub as a whole, or the way to it.
OF_ONE_REPOSITORY = frozenset({"missing", "gated", "gated for this account", "forbidden"})


@dataclass(frozen=True)
class Fault:
    """Why something cannot be had from the Hub.

    `why` is a clause that can follow "since"; `cure` is one sentence or more.
    """

    cause: str
    why: str
    cure: str

    @property
    def sentence(self) -> str:
        """`why` as a sentence of its own."""
        return f"{self.why[0].upper()}{self.why[1:]}."

    @property
    def is_everywhere(self) -> bool:
        """Whether any other repository would meet the same."""
        return self.cause not in OF_ONE_REPOSITORY


def fault(cause: str, **facts: object) -> Fault:
    """Return the fault of that name, with `facts` put into its words."""
    why, cure = _WORDS[cause]
    return Fault(cause, why.format(**facts), cure.format(**facts))


_WORDS = {
    # No answer, or one that comes too slowly
    "silent": (
        "{whom} did not answer within {seconds:g} seconds",
        "Check the network, then run this cell again.",
    ),
    "slow": (
        "{whom} answers too slowly: {received:,} bytes in {seconds:g} seconds",
        "Wait for a better network, then run this cell again.",
    ),
    "cut": (
        "the connection to {whom} broke off",
        "Run this cell again; nothing that has come halfway is used. If it happens again, try another network.",
    ),
    # No way to the Hub
    "refused": (
        "the connection to {whom} was refused",
        "A firewall may stand in between: try another network, then run this cell again.",
    ),
    "no route": (
        "this machine has no way to {whom}",
        "Connect this machine to a network, then run this cell again.",
    ),
    "unknown name": (
        "the address of {whom} cannot be looked up",
        "Connect this machine to a network, then run this cell again. If it is connected, its name server may be down: "
        "try another network.",
    ),
    "certificate": (
        "something between here and {whom} shows a certificate that cannot be trusted",
        "If this network wants you to log in, do so on its page. If a firewall opens encrypted traffic here, save its "
        "certificate, name that file in SSL_CERT_FILE before Jupyter starts, and start again.",
    ),
    "portal": (
        "this network answers with a page of its own in the place of {whom}",
        "Open any page in a browser and log into the network there, then run this cell again. If there is nothing to log "
        "into, a firewall blocks the Hub: try another network.",
    ),
    # A proxy
    "proxy refused": (
        "the proxy {proxy} cannot be reached",
        "Correct HTTPS_PROXY and HTTP_PROXY, or unset them, and restart the kernel.",
    ),
    "proxy denies": (
        "the proxy {proxy} does not let us through to the Hub",
        "Ask those who run it to allow huggingface.co and hf.co with what is below them, or try another network.",
    ),
    "proxy password": (
        "the proxy {proxy} asks for a password",
        "Write it into HTTPS_PROXY, as http://NAME:PASSWORD@{proxy}, before Jupyter starts, and start again.",
    ),
    # What the Hub itself says
    "missing": (
        "the Hub has no {kind} of this name, or shows it only to its owners",
        "Check the spelling on https://huggingface.co/{kind}s. If the {kind} is private, log in first: "
        "`hf auth login` in a terminal.",
    ),
    "gated": (
        "the Hub gives it only to those who have logged in and accepted its terms",
        "Accept them on {page}, log in with `hf auth login` in a terminal, then run this cell again.",
    ),
    "gated for this account": (
        "the Hub gives it only to accounts that have accepted its terms, and the one on this machine is none of them",
        "Accept them on {page} with this account, then run this cell again. Some owners take a while to agree.",
    ),
    "forbidden": (
        "the Hub refuses access to it (error 403)",
        "See {page} for what its owner says, or log in with another account: `hf auth login` in a terminal.",
    ),
    "token": (
        "the Hub does not accept the token that is set up on this machine",
        "Log in again with `hf auth login` in a terminal, or do without: `hf auth logout`. If HF_TOKEN is set, unset it.",
    ),
    "limited": (
        "the Hub has had too many requests from here and asks for a pause{pause}",
        "Wait for {wait}, then run this cell again.",
    ),
    "trouble": (
        "the Hub itself is in trouble (error {status})",
        "Try again in some minutes; https://status.huggingface.co says more.",
    ),
    "other answer": (
        "the Hub answers with error {status}",
        "Run this cell again. If nothing changes, look at {page}.",
    ),
    # On this machine
    "offline": (
        "HF_HUB_OFFLINE keeps us from asking the Hub",
        "Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE, and restart the kernel.",
    ),
    "other error": (
        "the Hub cannot be asked from here ({name})",
        "Run `hf-tutorial doctor` in a terminal, and check the network.",
    ),
}
