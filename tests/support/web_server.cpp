#include "support/web_server.hpp"

#include <sstream>
#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test_server.hpp"

namespace syncmanager::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool accepts(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  // The socket functions take any kind of address by a pointer to the general one.
  const bool accepted = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return accepted;
}

std::string first_that_exists(const std::vector<std::string>& paths, const std::string& package) {
  for (const std::string& path : paths) {
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  throw std::runtime_error(paths.front() + " is not there; install " + package);
}

}  // namespace

WebServer::WebServer(const std::filesystem::path& root, const WebSetup& setup) : setup_(setup) {
  if (setup_.tls) make_certificates();
  folder_.write("passwords", std::string(user) + ':' + password + '\n' + token + ":\n");
  folder_.write("home/.gitconfig", "[http]\n\treceivepack = true\n");
  std::filesystem::create_directory(folder_.path() / "uploads");
  for (int tries = 0;; ++tries) {
    port_ = free_port();
    write_config(root);
    if (try_start()) break;
    if (tries == 5) throw std::runtime_error("lighttpd does not start: " + content_of(folder_.path() / "output"));
  }
}

std::string WebServer::url(const std::string& login) const {
  return (setup_.tls ? "https://" : "http://") + login + "localhost:" + std::to_string(port_);
}

std::string WebServer::url_with_password() const {
  return url(std::string(user) + ':' + encoded_password + '@');
}

std::string WebServer::requests() {
  lighttpd_.reset();  // it keeps the lines for a while
  return content_of(folder_.path() / "access.log");
}

void WebServer::make_certificates() const {
  const auto file = [&](const char* name) { return (folder_.path() / name).string(); };
  const std::vector<std::string> new_key = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"};
  std::vector<std::string> authority = {"openssl", "req", "-x509", "-days", "30", "-subj", "/CN=Test authority"};
  authority.insert(authority.end(), {"-keyout", file("ca.key"), "-out", file("ca.pem")});
  authority.insert(authority.end(), new_key.begin(), new_key.end());
  run_program(authority);
  std::vector<std::string> request = {"openssl", "req", "-subj", "/CN=localhost"};
  request.insert(request.end(), {"-keyout", file("server.key"), "-out", file("server.csr")});
  request.insert(request.end(), new_key.begin(), new_key.end());
  run_program(request);
  folder_.write("names", "subjectAltName=DNS:localhost\n");
  run_program({"openssl", "x509", "-req", "-days", "30", "-in", file("server.csr"), "-CA", file("ca.pem"), "-CAkey",
               file("ca.key"), "-CAcreateserial", "-extfile", file("names"), "-out", file("server.pem")});
}

void WebServer::write_config(const std::filesystem::path& root) const {
  const std::string folder = folder_.path().string();
  std::ostringstream text;
  text << "server.modules = (\"mod_accesslog\", \"mod_setenv\", \"mod_auth\", \"mod_authn_file\", \"mod_redirect\", "
          "\"mod_alias\", \"mod_cgi\""
       << (setup_.tls ? ", \"mod_openssl\"" : "") << ")\n"
       << "server.bind = \"127.0.0.1\"\nserver.port = " << port_ << '\n'
       << "server.document-root = \"" << root.string() << "\"\n"
       << "server.upload-dirs = (\"" << folder << "/uploads\")\n"
       << "accesslog.filename = \"" << folder << "/access.log\"\n"
       << "accesslog.format = \"%m %U%q %s %{Authorization}i\"\n";
  if (setup_.tls) {
    text << "ssl.engine = \"enable\"\nssl.pemfile = \"" << folder << "/server.pem\"\n"
         << "ssl.privkey = \"" << folder << "/server.key\"\n";
  }
  // The password is asked for first, then redirected: in the order of the modules.
  text << "auth.backend = \"plain\"\nauth.backend.plain.userfile = \"" << folder << "/passwords\"\n";
  text << "auth.require = (\"\" => (\"method\" => \"basic\", \"realm\" => \"git\", \"require\" => \"valid-user\"))\n";
  if (!setup_.redirect_to.empty()) text << "url.redirect = (\"^/(.*)$\" => \"" << setup_.redirect_to << "/$1\")\n";
  const std::string backend =
      first_that_exists({"/usr/lib/git-core/git-http-backend", "/usr/libexec/git-core/git-http-backend"}, "git");
  text << "alias.url = (\"/\" => \"" << std::filesystem::path(backend).parent_path().string()
       << "/git-http-backend/\")\ncgi.assign = (\"\" => \"\")\n"
       << "setenv.set-environment = (\"GIT_PROJECT_ROOT\" => \"" << root.string()
       << "\", \"GIT_HTTP_EXPORT_ALL\" => \"\", \"HOME\" => \"" << folder
       << "/home\", \"PATH\" => \"/usr/local/bin:/usr/bin:/bin\")\n";
  folder_.write("lighttpd.conf", text.str());
}

bool WebServer::try_start() {
  // /usr/sbin/lighttpd -D -f FOLDER/lighttpd.conf
  lighttpd_ = std::make_unique<Program>(
      std::vector<std::string>{first_that_exists({"/usr/sbin/lighttpd", "/usr/local/sbin/lighttpd"}, "lighttpd"), "-D",
                               "-f", folder_.path() / "lighttpd.conf"},
      folder_.path() / "output");
  wait_until([&] { return accepts(port_) || !lighttpd_->running(); }, "lighttpd listens");
  return lighttpd_->running();
}

SilentServer::SilentServer() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  const bool ok =
      fd_ >= 0 && bind(fd_, general, size) == 0 && listen(fd_, 64) == 0 && getsockname(fd_, general, &size) == 0;
  if (!ok) throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
}

SilentServer::~SilentServer() {
  close(fd_);
}

}  // namespace syncmanager::test
