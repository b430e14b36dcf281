// For steps whose other side has nothing to do but to answer.
#pragma once

#include <string>
#include <vector>

#include "git/remote.hpp"

namespace syncmanager::test {

/// A server whose answer to a push is given beforehand. Of what it has, all objects are here already.
struct AnsweringRemote : git::Remote {
  git::Listing listing;
  std::vector<git::PushResult> answers;

  git::Listing list() override { return listing; }
  git::Listing list_to_push() override { return listing; }
  git::Fetched fetch(git::Repository& /*repository*/, const std::vector<std::string>& /*names*/,
                     const git::OnTransfer& /*on_transfer*/) override {
    return {listing};
  }
  git::Listing fetch_whole(git::Repository& /*repository*/, const std::vector<std::string>& /*names*/,
                           const git::OnTransfer& /*on_transfer*/) override {
    return listing;
  }
  std::vector<git::PushResult> push(git::Repository& /*repository*/, const std::vector<git::PushedRef>& /*refs*/,
                                    const git::OnTransfer& /*on_transfer*/, std::string& /*server_words*/) override {
    return answers;
  }
  void create(const std::string& /*head*/) override {}
};

}  // namespace syncmanager::test
