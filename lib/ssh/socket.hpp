// A TCP connection to a server, made in time; and what else there is to do with sockets.
#pragma once

#include <string>

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

/// The same descriptor, whose calls return instead of waiting.
Fd non_blocking(Fd fd);

/// Whether the process at the other end of a socket of this computer, as it was when they met, is this user's.
bool is_of_this_user(const Fd& socket);

/// The system's words for an error number.
std::string words_of(int error);

}  // namespace syncmanager::ssh
