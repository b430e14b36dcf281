// A TCP connection to a server, made in time; and what else there is to do with sockets.
#pragma once

#include <cstddef>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>

#include "base/deadline.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"

namespace syncmanager::ssh {

/// Connects to the first of the host's addresses that answers: tries the next one when an address fails, or does not
/// answer at once (RFC 8305). The socket is non-blocking, without Nagle's delay, and not inherited by children.
/// `name` is the server as the user wrote it; `interrupt`, which may be null, ends the waiting.
/// Throws Error(offline | timeout | interrupted).
Fd connect_tcp(const std::string& host, int port, const Deadline& deadline, const std::string& name,
               const Interrupt* interrupt);

/// connect(2) or bind(2).
using Naming = int (*)(int socket, const sockaddr* address, socklen_t size);

inline constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

/// A socket of this computer, non-blocking and not inherited by children, for which `naming` has gone well with this
/// path; else empty, and errno says why.
Fd local_socket(const std::string& path, Naming naming);

/// Whether the process at the other end of a socket of this computer, as it was when they met, is this user's.
bool is_of_this_user(const Fd& socket);

/// The system's words for an error number.
std::string words_of(int error);

}  // namespace syncmanager::ssh
