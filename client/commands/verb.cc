#include "client/commands/verb.h"

#include <CLI/CLI.hpp>

#include "client/commands/session.h"

namespace lintas::client {

Argument& Argument::Required() {
  option_->required();
  return *this;
}

Argument& Argument::OneOf(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Argument& Argument::Between(int64_t least, int64_t most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Argument& Argument::Excludes(const std::string& other) {
  option_->excludes(other);
  return *this;
}

Argument Verb::Add(const std::string& name, std::string* value, const std::string& what) {
  return Argument(app_->add_option(name, *value, what));
}

Argument Verb::Add(const std::string& name, std::vector<std::string>* value,
                   const std::string& what) {
  return Argument(app_->add_option(name, *value, what));
}

Argument Verb::Add(const std::string& name, int* value, const std::string& what) {
  return Argument(app_->add_option(name, *value, what));
}

Argument Verb::Add(const std::string& name, size_t* value, const std::string& what) {
  return Argument(app_->add_option(name, *value, what));
}

void Verb::AddFlag(const std::string& name, bool* value, const std::string& what) {
  app_->add_flag(name, *value, what);
}

void Verb::AddWords(const std::string& name, const std::vector<std::string>& words,
                    const std::string& what, std::function<void(size_t)> set) {
  const std::function<void(const std::string&)> take = [words, set](const std::string& word) {
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] == word) set(i);
    }
  };
  app_->add_option_function<std::string>(name, take, what)
      ->check(CLI::IsMember(words))
      ->option_text(CLI::detail::join(words, "|"));
}

void Verb::OnCall(Session* session, std::function<ExitCode()> run) {
  app_->callback([session, run = std::move(run)] { session->result = run(); });
}

Noun Noun::AddNoun(const std::string& name, const std::string& what) {
  CLI::App* noun = app_->add_subcommand(name, what);
  noun->require_subcommand(1);
  noun->fallthrough();
  return Noun(noun);
}

Verb Noun::AddVerb(const std::string& name, const std::string& what, const std::string& examples) {
  CLI::App* verb = app_->add_subcommand(name, what);
  verb->fallthrough();
  verb->footer("Examples:\n" + examples);
  return Verb(verb);
}

}  // namespace lintas::client
