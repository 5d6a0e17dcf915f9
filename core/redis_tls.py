"""Redis by TLS believes the authority that its address names (`ssl_ca_certs`), and no other.

The library would believe that one besides every authority the system knows.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any

from redis.connection import Connection, ConnectionPool, SSLConnection


class OwnAuthority(SSLConnection):
    def _wrap_socket_with_ssl(self, sock: socket.socket) -> ssl.SSLSocket:
        if not self.ca_certs:
            outside: ssl.SSLSocket = super()._wrap_socket_with_ssl(sock)
            return outside
        context = ssl.create_default_context(cafile=self.ca_certs)
        context.check_hostname, context.verify_mode = self.check_hostname, self.cert_reqs
        context.minimum_version = ssl.TLSVersion(self.ssl_min_version or ssl.TLSVersion.TLSv1_2)
        if self.ssl_ciphers:
            context.set_ciphers(self.ssl_ciphers)
        if self.certfile:
            context.load_cert_chain(self.certfile, self.keyfile, self.certificate_password)
        return context.wrap_socket(sock, server_hostname=self.host)


class Pool(ConnectionPool):
    """For the cache, whose library names the kind of connection from the address alone."""

    def __init__(self, connection_class: type[Any] = Connection, **kwargs: Any) -> None:
        secret = issubclass(connection_class, SSLConnection)
        super().__init__(connection_class=OwnAuthority if secret else connection_class, **kwargs)
