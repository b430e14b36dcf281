# The libraries of others, found by pkg-config or their own CMake files.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2>=1.5)
pkg_check_modules(LIBSSH2 REQUIRED IMPORTED_TARGET libssh2>=1.10)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
# libssh2 and libgit2 bring OpenSSL's libcrypto along; known_hosts needs its HMAC and digests.
pkg_check_modules(LIBCRYPTO REQUIRED IMPORTED_TARGET libcrypto)
