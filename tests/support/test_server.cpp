#include "support/test_server.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <shadow.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace syncmanager::test {
namespace {

std::string current_user() {
  const passwd* const entry = getpwuid(geteuid());
  if (entry == nullptr) throw std::runtime_error("no account for this process's user");
  return entry->pw_name;
}

/// Whether sshd would keep the account out unless it asks PAM: one without a password, as root often is, counts as
/// locked. Only root can see that, and only root's sshd looks.
bool is_locked(const std::string& user) {
  const spwd* const entry = getspnam(user.c_str());
  return entry != nullptr && entry->sp_pwdp != nullptr && *entry->sp_pwdp == '!';
}

/// The path of sshd: it insists on being started by an absolute one, and ordinary users have no sbin in their PATH.
std::string sshd_path() {
  for (const char* const path : {"/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"}) {
    if (access(path, X_OK) == 0) return path;
  }
  throw std::runtime_error("no sshd found; install openssh-server");
}

void generate_key(const std::string& type, const std::filesystem::path& file, const std::string& passphrase) {
  std::filesystem::remove(file);
  std::filesystem::remove(file.string() + ".pub");
  std::vector<std::string> argv{"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", file.filename()};
  if (type == "rsa") argv.insert(argv.end(), {"-b", "2048"});
  argv.insert(argv.end(), {"-f", file});
  run_program(argv);
}

void append_line(const std::filesystem::path& file, const std::string& line) {
  std::ofstream stream(file, std::ios::app);
  stream << line << '\n';
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

/// The connections' processes: sshd gives each a session of its own, a signal to the server does not reach them.
std::vector<pid_t> children_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::istringstream list(content_of("/proc/" + id + "/task/" + id + "/children"));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) {
    children.push_back(child);
    for (const pid_t below : children_of(child)) children.push_back(below);
  }
  return children;
}

/// Whether somebody listens at the socket, which is there a moment before.
bool takes_clients(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

}  // namespace

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  // The socket functions take any kind of address by a pointer to the general one.
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  const bool ok = fd >= 0 && bind(fd, general, size) == 0 && getsockname(fd, general, &size) == 0;
  close(fd);
  if (!ok) throw std::runtime_error("cannot find a free port");
  return ntohs(address.sin_port);
}

TestServer::TestServer(ServerSetup setup) : setup_(std::move(setup)), user_(current_user()) {
  std::filesystem::create_directory(home());
  std::filesystem::create_directory(client());
  // As root, sshd puts its unprivileged part into this empty folder, which a boot makes but a container does not.
  if (geteuid() == 0) std::filesystem::create_directories("/run/sshd");
  change_host_keys();
  for (int tries = 0;; ++tries) {
    port_ = free_port();
    write_server_config();
    if (try_start()) break;
    if (tries == 5) throw std::runtime_error("sshd does not start: " + log());
  }
  make_key("ed25519", "id_ed25519");
  write_ssh_config("config", {});
  for (const std::string& type : setup_.host_keys) append_line(client() / "known_hosts", known_hosts_line(type));
}

TestServer::~TestServer() {
  stop();
}

void TestServer::change_host_keys() const {
  for (const std::string& type : setup_.host_keys) generate_key(type, folder_.path() / ("host_" + type), "");
}

void TestServer::write_server_config() const {
  std::ostringstream text;
  for (const std::string& line : setup_.lines) text << line << '\n';
  if (setup_.open) text << "UsePAM no\nPasswordAuthentication yes\nPermitEmptyPasswords yes\n";
  text << "ListenAddress 127.0.0.1\nPort " << port_ << '\n';
  for (const std::string& type : setup_.host_keys) {
    text << "HostKey " << (folder_.path() / ("host_" + type)).string() << '\n';
  }
  text << "AuthorizedKeysFile " << (folder_.path() / "authorized_keys").string() << '\n'
       << "PidFile none\nStrictModes no\nUsePAM " << (is_locked(user_) ? "yes" : "no")
       << "\nLogLevel VERBOSE\nUseDNS no\n"
       << "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
       << "SetEnv HOME=" << home().string() << '\n'
       << "ForceCommand cd && "
       << (setup_.force_command.empty() ? "exec sh -c \"$SSH_ORIGINAL_COMMAND\"" : setup_.force_command) << '\n';
  folder_.write("sshd_config", text.str());
}

bool TestServer::try_start() {
  const auto listening = [this] {
    std::size_t count = 0;
    const std::string text = log();
    for (std::size_t at = 0; (at = text.find("Server listening on", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const std::size_t before = listening();
  std::vector<std::string> accounts;
  if (setup_.open) {
    // nss_wrapper(1) gives it accounts of its own; those of the computer stay as they are.
    accounts = {"LD_PRELOAD=libnss_wrapper.so",
                "NSS_WRAPPER_PASSWD=" + folder_.write("passwd", content_of("/etc/passwd")).string(),
                "NSS_WRAPPER_GROUP=/etc/group",
                "NSS_WRAPPER_SHADOW=" + folder_.write("shadow", user_ + "::19000:0:99999:7:::\n").string()};
  }
  // /usr/sbin/sshd -D -f FOLDER/sshd_config -E FOLDER/log
  sshd_ = std::make_unique<Program>(
      std::vector<std::string>{sshd_path(), "-D", "-f", folder_.path() / "sshd_config", "-E", folder_.path() / "log"},
      folder_.path() / "output", accounts);
  wait_until([&] { return listening() > before || !sshd_->running(); }, "sshd listens");
  return listening() > before;
}

void TestServer::start() {
  if (!try_start()) throw std::runtime_error("sshd does not start again: " + log());
}

void TestServer::stop() {
  if (!sshd_) return;
  const std::vector<pid_t> connections = children_of(sshd_->pid());
  sshd_.reset();
  for (const pid_t connection : connections) kill(connection, SIGKILL);
}

std::filesystem::path TestServer::write_ssh_config(const std::string& name,
                                                   const std::vector<std::string>& lines) const {
  std::ostringstream text;
  text << "Host server\n";
  bool names_keys = false;
  for (const std::string& line : lines) {
    text << "  " << line << '\n';
    names_keys = names_keys || line.starts_with("IdentityFile ");
  }
  // ssh takes the first value of a keyword, but all of the IdentityFiles.
  if (!names_keys) text << "  IdentityFile " << (client() / "id_ed25519").string() << '\n';
  text << "  HostName 127.0.0.1\n  Port " << port_ << "\n  User " << user_ << '\n'
       << "  IdentitiesOnly yes\n  IdentityAgent none\n  StrictHostKeyChecking yes\n  GSSAPIAuthentication no\n"
       << "  UserKnownHostsFile " << (client() / "known_hosts").string() << '\n'
       << "  GlobalKnownHostsFile /dev/null\n";
  return folder_.write(std::filesystem::path("client") / name, text.str());
}

std::filesystem::path TestServer::write_ssh_config_by(int proxy_port, const std::string& name,
                                                      const std::vector<std::string>& lines) const {
  const std::filesystem::path known = client() / ("known_hosts_" + name);
  std::ofstream hosts(known);
  for (const std::string& type : setup_.host_keys)
    hosts << "[127.0.0.1]:" << proxy_port << ' ' << host_key(type) << '\n';
  std::vector<std::string> all = lines;
  all.insert(all.end(), {"Port " + std::to_string(proxy_port), "UserKnownHostsFile " + known.string()});
  return write_ssh_config(name, all);
}

std::filesystem::path TestServer::make_key(const std::string& type, const std::string& name,
                                           const std::string& passphrase) const {
  std::filesystem::path key = client() / name;
  generate_key(type, key, passphrase);
  authorize(key);
  return key;
}

void TestServer::authorize(const std::filesystem::path& key) const {
  std::istringstream words(content_of(key.string() + ".pub"));
  std::string line;
  std::getline(words, line);
  append_line(folder_.path() / "authorized_keys", line);
}

std::string TestServer::host_key(const std::string& type) const {
  std::istringstream words(content_of(folder_.path() / ("host_" + type + ".pub")));
  std::string algorithm;
  std::string key;
  words >> algorithm >> key;
  return algorithm + ' ' + key;
}

std::string TestServer::known_hosts_line(const std::string& type) const {
  return "[127.0.0.1]:" + std::to_string(port_) + ' ' + host_key(type);
}

int TestServer::connections() const {
  int count = 0;
  const std::string text = log();
  for (std::size_t at = 0; (at = text.find("Connection from ", at)) != std::string::npos; ++at) ++count;
  return count;
}

// ssh-agent -D -a FOLDER/agent
TestAgent::TestAgent(std::filesystem::path socket, const std::vector<std::string>& variables)
    : socket_(socket.empty() ? folder_.path() / "agent" : std::move(socket)) {
  // A copy, because the installed program is set-group-ID and then outlives a test that crashes.
  const std::filesystem::path program = folder_.path() / "ssh-agent";
  run_program({"sh", "-c", "cp \"$(command -v ssh-agent)\" \"$1\" && chmod 700 \"$1\"", "sh", program});
  agent_ = std::make_unique<Program>(std::vector<std::string>{program, "-D", "-a", socket_}, folder_.path() / "output",
                                     variables);
  wait_until([this] { return takes_clients(socket_); }, "ssh-agent listens");
}

void TestAgent::add(const std::filesystem::path& key, const std::vector<std::string>& options) const {
  std::vector<std::string> argv{"ssh-add", "-q"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(key);
  run_program(argv, {"SSH_AUTH_SOCK=" + socket_.string()});
}

void TestAgent::remove_all() const {
  run_program({"ssh-add", "-q", "-D"}, {"SSH_AUTH_SOCK=" + socket_.string()});
}

}  // namespace syncmanager::test
