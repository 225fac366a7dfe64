#include "tests/arch/document_links.h"

#include <cctype>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lintas::arch {
namespace {

using absl::string_view;

bool IsPathSign(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/' ||
         c == '.';
}

}  // namespace

std::vector<std::string> LinkedFiles(string_view path, string_view markdown) {
  std::vector<std::string> files;
  const std::filesystem::path folder = std::filesystem::path(std::string(path)).parent_path();
  for (size_t at = markdown.find("]("); at != string_view::npos; at = markdown.find("](", at + 2)) {
    string_view target = markdown.substr(at + 2);
    target = target.substr(0, target.find_first_of(")#\n"));
    if (target.empty() || absl::StrContains(target, ":")) continue;
    files.push_back((folder / std::string(target)).lexically_normal().generic_string());
  }
  return files;
}

std::vector<std::string> MentionedDocuments(string_view source) {
  std::vector<std::string> files;
  for (size_t at = source.find("docs/"); at != string_view::npos;
       at = source.find("docs/", at + 5)) {
    size_t end = at;
    while (end < source.size() && IsPathSign(source[end])) ++end;
    string_view path = source.substr(at, end - at);
    const size_t ending = path.rfind(".md");
    if (ending != string_view::npos) files.emplace_back(path.substr(0, ending + 3));
  }
  return files;
}

std::vector<std::string> DefinedRules(string_view markdown) {
  std::vector<std::string> rules;
  for (size_t at = markdown.find("**"); at != string_view::npos; at = markdown.find("**", at + 2)) {
    const string_view rest = markdown.substr(at + 2);
    if (rest.empty() || (rest[0] != 'P' && rest[0] != 'R')) continue;
    size_t end = 1;
    while (end < rest.size() && std::isdigit(static_cast<unsigned char>(rest[end])) != 0) ++end;
    if (end > 1 && absl::StartsWith(rest.substr(end), "**"))
      rules.emplace_back(rest.substr(0, end));
  }
  return rules;
}

}  // namespace lintas::arch
