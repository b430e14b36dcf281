#include "ui/notification.hpp"

#include <chrono>
#include <string_view>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace syncmanager::ui {

namespace {

constexpr std::size_t longest_text = 400;

std::string without_markup(std::string_view text) {
  std::string plain;
  for (const char letter : escape_text(shortened(text, longest_text))) {
    switch (letter) {
      case '&': plain += "&amp;"; break;
      case '<': plain += "&lt;"; break;
      case '>': plain += "&gt;"; break;
      default: plain += letter;
    }
  }
  return plain;
}

}  // namespace

std::vector<std::string> notification_command(const std::string& project, const Complaint& complaint) {
  std::string text = without_markup(complaint.message);
  if (!complaint.hint.empty()) text += "\n" + without_markup(complaint.hint);
  return {"notify-send", "--app-name=sync", "--icon=dialog-warning", "--", escape_text(project) + " needs you", text};
}

bool show_notification(const Environment& environment, const std::string& project, const Complaint& complaint) {
  constexpr std::chrono::seconds longest(5);
  Command command;
  command.argv = notification_command(project, complaint);
  command.environment = environment.variables;
  try {
    return run(command, {}, longest).ok();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace syncmanager::ui
