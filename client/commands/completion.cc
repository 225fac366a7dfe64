// lintas completion bash: nouns, verbs and options for the shell, from the program itself.
#include <map>
#include <regex>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/commands/command_line.h"
#include "client/commands/commands.h"

namespace lintas::client {
namespace {

constexpr char kGlobal[] = "--profile --output --purpose --case --help";

// Options that a help text defines: at the beginning of its lines.
std::set<std::string> OptionsIn(const std::string& help) {
  static const std::regex option("^ +(--[a-z][a-z-]*)");
  std::set<std::string> found;
  for (const absl::string_view line : absl::StrSplit(help, '\n')) {
    if (line == "Examples:") break;
    std::match_results<absl::string_view::const_iterator> match;
    if (std::regex_search(line.begin(), line.end(), match, option)) found.insert(match[1].str());
  }
  return found;
}

std::string BashScript() {
  std::map<std::string, std::vector<std::string>> nouns;
  std::string verbs, options;
  for (const VerbHelp& verb : AllVerbs()) {
    const std::vector<std::string> words = absl::StrSplit(verb.path, ' ');
    nouns[words[0]].push_back(words.size() > 1 ? words[1] : "");
    absl::StrAppend(&options, "    '", verb.path, "') words='",
                    absl::StrJoin(OptionsIn(verb.help), " "), " ", kGlobal, "' ;;\n");
  }
  std::vector<std::string> names;
  for (const auto& [noun, below] : nouns) {
    names.push_back(noun);
    absl::StrAppend(&verbs, "    ", noun, ") words='", absl::StrJoin(below, " "), "' ;;\n");
  }
  return absl::StrCat(
      "# bash completion of lintas: source <(lintas completion bash)\n"
      "_lintas() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} words='' noun='' verb='' i word\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=${COMP_WORDS[i]}\n"
      "    case $word in\n"
      "    --profile | --output | --purpose | --case) ((i++)) ;;\n"
      "    -*) ;;\n"
      "    *) if [[ -z $noun ]]; then noun=$word; elif [[ -z $verb ]]; then verb=$word; fi ;;\n"
      "    esac\n"
      "  done\n"
      "  if [[ -z $noun ]]; then\n"
      "    words='",
      absl::StrJoin(names, " "), " ", kGlobal,
      "'\n"
      "  elif [[ -z $verb ]]; then\n"
      "    case $noun in\n",
      verbs,
      "    esac\n"
      "  elif [[ $current == -* ]]; then\n"
      "    case \"$noun $verb\" in\n",
      options,
      "    esac\n"
      "  fi\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "}\n"
      "complete -o default -F _lintas lintas\n");
}

}  // namespace

void AddCompletion(Noun program, Session* session) {
  Noun completion = program.AddNoun("completion", "Completion for the shell");
  Verb bash = completion.AddVerb("bash", "Write a script that completes nouns and options",
                                 "  lintas completion bash >~/.lintas-completion\n"
                                 "  source <(lintas completion bash)");
  bash.OnCall(session, [session] {
    session->out() << BashScript();
    return ExitCode::kDone;
  });
}

}  // namespace lintas::client
