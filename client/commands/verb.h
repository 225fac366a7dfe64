// Noun, Verb and Argument: what the commands say about their words and options. CLI11 parses them,
// and only verb.cc and command_line.cc see it: its headers cost each file that reads them more
// compiling than the file itself.
#ifndef LINTAS_CLIENT_COMMANDS_VERB_H_
#define LINTAS_CLIENT_COMMANDS_VERB_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "client/exit_code.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace lintas::client {

class Session;

// One option ("--name") or positional ("name") of a verb. A handle: copied freely, owns nothing.
class Argument {
 public:
  explicit Argument(CLI::Option* option) : option_(option) {}

  Argument& Required();
  Argument& OneOf(const std::vector<std::string>& words);
  // Both bounds belong to it.
  Argument& Between(int64_t least, int64_t most);
  Argument& Excludes(const std::string& other);

 private:
  CLI::Option* option_;
};

// A verb of the command line. A handle: copied freely, owns nothing. What the values point to must
// live until the line is parsed and the verb has run; the closure of OnCall() usually holds it.
class Verb {
 public:
  explicit Verb(CLI::App* app) : app_(app) {}

  Argument Add(const std::string& name, std::string* value, const std::string& what);
  // May be given several times or with several values.
  Argument Add(const std::string& name, std::vector<std::string>* value, const std::string& what);
  Argument Add(const std::string& name, int* value, const std::string& what);
  Argument Add(const std::string& name, size_t* value, const std::string& what);
  void AddFlag(const std::string& name, bool* value, const std::string& what);
  // One of the words, which the help lists; sets the value that stands beside it.
  template <typename T>
  void AddChoice(const std::string& name, const std::vector<std::pair<std::string, T>>& choices,
                 T* value, const std::string& what) {
    std::vector<std::string> words;
    for (const auto& choice : choices) words.push_back(choice.first);
    AddWords(name, words, what, [choices, value](size_t at) { *value = choices[at].second; });
  }

  // Runs `run` when the verb is called and keeps its exit code.
  void OnCall(Session* session, std::function<ExitCode()> run);

 private:
  void AddWords(const std::string& name, const std::vector<std::string>& words,
                const std::string& what, std::function<void(size_t)> set);

  CLI::App* app_;
};

// A noun: asks for one of its verbs. A handle, as Verb.
class Noun {
 public:
  explicit Noun(CLI::App* app) : app_(app) {}

  Noun AddNoun(const std::string& name, const std::string& what);
  // `examples` are whole command lines, one a line.
  Verb AddVerb(const std::string& name, const std::string& what, const std::string& examples);

 private:
  CLI::App* app_;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_VERB_H_
