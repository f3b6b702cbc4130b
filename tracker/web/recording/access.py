"""Who a request is from, and whether it may record: the connection, the site, the sign-in or the token."""

from collections.abc import Collection, Mapping
from ipaddress import ip_address

from fastapi import Request, Response

from tracker.errors import FromAnotherSite, NotSignedIn, SignInIsOver, TooOpenForTokens
from tracker.usecases.tokens import hash_of
from tracker.web.asking.database import Database
from tracker.web.recording.sessions import HOURS, Sessions

FORM_MARK = "form_mark"
"""The hidden field of every form that shows where it comes from."""


class Access:
    """The door of a server that records. `proxies` are the addresses at which TLS ends before it."""

    def __init__(self, database: Database, *, proxies: Collection[str] = (), sessions: Sessions | None = None) -> None:
        self._database = database
        self._proxies = {str(ip_address(proxy)) for proxy in proxies}
        self._sessions = sessions or Sessions()

    def name(self, request: Request) -> str | None:
        """The name of who is signed in; None if nobody is. Raises TooOpenForTokens."""
        self._require_private(request)
        kept = self._sessions.token_hash(self.secret(request))
        return None if kept is None else self._database.tracker().recorder_of(kept)

    def require_form(self, request: Request, form: Mapping[str, str]) -> str:
        """The name of who sent a form from a page of ours. Raises what stands against it."""
        self.require_own_page(request, form)
        name = self.name(request)
        if name is None:
            raise SignInIsOver
        return name

    def require_own_page(self, request: Request, form: Mapping[str, str]) -> None:
        """Check that a form was sent from a page that this browser was given. Raises what stands against it."""
        is_private = self._require_private(request)
        _require_same_site(request, scheme="https" if is_private else "http")
        secret = self.secret(request)
        if not secret or not self._sessions.is_form_mark(form.get(FORM_MARK, ""), secret):
            raise SignInIsOver

    def require_token(self, request: Request) -> str:
        """The name of who holds the token that a program sends. Raises NotSignedIn, and what stands against it."""
        self._require_private(request)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise FromAnotherSite
        name = self._database.tracker().recorder_of(hash_of(token.strip())) if kind.lower() == "bearer" else None
        if name is None:
            raise NotSignedIn
        return name

    def sign_in(self, request: Request, token: str) -> str:
        """Begin a sign-in with a token; return the secret that the browser is to keep. Raises NotSignedIn."""
        token_hash = hash_of(token.strip())
        if self._database.tracker().recorder_of(token_hash) is None:
            raise NotSignedIn
        self._sessions.end(self.secret(request))
        return self._sessions.begin(token_hash)

    def sign_out(self, request: Request, response: Response) -> None:
        """End a sign-in."""
        self._sessions.end(self.secret(request))
        response.delete_cookie(self._cookie(request), path="/", secure=self._require_private(request), httponly=True)

    def form_mark(self, secret: str) -> str:
        """What forms carry on a page for a browser that keeps this secret."""
        return self._sessions.form_mark(secret)

    def secret(self, request: Request) -> str:
        """The secret that a browser keeps in its cookie; empty if it has none."""
        return request.cookies.get(self._cookie(request), "")[:200]

    def keep(self, request: Request, response: Response, secret: str) -> None:
        """Have the browser keep a secret, where no script and no other site gets at it."""
        response.set_cookie(
            self._cookie(request),
            secret,
            max_age=HOURS * 3600,
            path="/",
            secure=self._require_private(request),
            httponly=True,
            samesite="strict",
        )

    def _cookie(self, request: Request) -> str:
        """The cookie's name; with TLS one that no other host and no unencrypted page can set.

        A server on another port has a name of its own, since a browser keeps the cookies of a host in one place.
        """
        return "__Host-tracker" if self._require_private(request) else f"tracker-{request.url.port or 80}"

    def _require_private(self, request: Request) -> bool:
        """Check that nobody else reads a request; return whether it came over TLS. Raises TooOpenForTokens."""
        address = _address(request)
        if address in self._proxies:
            if request.headers.getlist("x-forwarded-proto") != ["https"]:
                raise TooOpenForTokens
            return True
        came_by_proxy = any(name in request.headers for name in _OF_PROXIES)
        if address is None or not ip_address(address).is_loopback or came_by_proxy:
            raise TooOpenForTokens
        return False


_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via")
"""Headers that show a proxy, which might hand on what others read."""


def _address(request: Request) -> str | None:
    """The address from which a request came; an IPv4 address that shows as IPv6 is one of IPv4."""
    try:
        found = ip_address(request.client.host.partition("%")[0]) if request.client else None
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found) if found else None


def _require_same_site(request: Request, *, scheme: str) -> None:
    """Check that a browser sent a form from a page of this very server. Raises FromAnotherSite."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    own = f"{scheme}://{request.headers.get('host', '')}".lower()
    if (origin is None and site is None) or site not in (None, "same-origin") or (origin or own).lower() != own:
        raise FromAnotherSite
