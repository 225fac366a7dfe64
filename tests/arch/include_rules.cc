#include "tests/arch/include_rules.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace lintas::arch {
namespace {

using absl::string_view;

// A folder and what it may include beside itself. `*` is everything.
struct Floor {
  string_view folder;
  std::vector<string_view> may_include;
};

// The longest matching folder decides, so that a part with a rule of its own stands beside its
// parent.
const std::vector<Floor>& Floors() {
  static const auto& floors = *new std::vector<Floor>{
      {"server/main/", {"*"}},
      {"server/edge/",
       {"server/admission/", "server/call/", "server/crypto/", "server/matching/", "server/base/"}},
      {"server/edge/tls/", {"server/call/", "server/crypto/", "server/base/"}},
      {"server/admission/",
       {"server/records/", "server/agreement/", "server/ledger/", "server/call/", "server/crypto/",
        "server/matching/", "server/base/"}},
      {"server/areas/",
       {"server/areas/common/", "server/records/", "server/agreement/", "server/call/",
        "server/crypto/", "server/matching/", "server/base/"}},
      {"server/link/",
       {"server/records/", "server/agreement/", "server/ledger/", "server/store/", "server/call/",
        "server/crypto/", "server/matching/", "server/base/"}},
      {"server/records/",
       {"server/agreement/", "server/ledger/", "server/store/", "server/call/", "server/crypto/",
        "server/matching/", "server/base/"}},
      {"server/agreement/",
       {"server/ledger/", "server/store/", "server/call/", "server/crypto/", "server/matching/",
        "server/base/"}},
      {"server/ledger/",
       {"server/store/", "server/call/", "server/crypto/", "server/matching/", "server/base/"}},
      // Pure: an offline verifier links them and nothing that opens a store.
      {"server/ledger/merkle/", {"server/crypto/", "server/base/"}},
      {"server/ledger/note/", {"server/ledger/merkle/", "server/crypto/", "server/base/"}},
      {"server/ledger/trust/",
       {"server/ledger/note/", "server/ledger/merkle/", "server/call/", "server/crypto/",
        "server/base/"}},
      {"server/store/", {"server/call/", "server/crypto/", "server/matching/", "server/base/"}},
      {"server/call/", {"server/base/"}},
      {"server/crypto/", {"server/base/"}},
      {"server/matching/", {"server/base/"}},
      {"server/base/", {}},
      // The one TLS of both ends; it includes nothing above floor 1.
      {"client/",
       {"server/edge/tls/", "server/ledger/merkle/", "server/ledger/note/", "server/ledger/trust/",
        "server/areas/statistics/figures/", "server/call/", "server/crypto/", "server/matching/",
        "server/base/"}},
      // Pure arithmetic on figures, which the report and the offline commands share with the area.
      {"server/areas/statistics/figures/", {"server/base/"}},
      {"certs/",
       {"server/ledger/merkle/", "server/ledger/note/", "server/ledger/trust/", "server/call/",
        "server/crypto/", "server/matching/", "server/base/"}},
  };
  return floors;
}

// Headers of a library that only some folders may see; tests/ may see all.
const std::vector<Floor>& Libraries() {
  static const auto& libraries = *new std::vector<Floor>{
      {"grpcpp/", {"server/edge/", "client/"}},
      {"grpc/", {"server/edge/", "client/"}},
      {"rocksdb/", {"server/store/"}},
      {"libpq-fe.h", {"server/store/"}},
  };
  return libraries;
}

const Floor* FloorOf(string_view path) {
  const Floor* found = nullptr;
  for (const Floor& floor : Floors()) {
    if (!absl::StartsWith(path, floor.folder)) continue;
    if (found == nullptr || floor.folder.size() > found->folder.size()) found = &floor;
  }
  return found;
}

// `server/areas/x/` of a file in it; empty for every other file.
string_view AreaOf(string_view path) {
  constexpr string_view kAreas = "server/areas/";
  if (!absl::StartsWith(path, kAreas)) return "";
  const size_t end = path.find('/', kAreas.size());
  return end == string_view::npos ? "" : path.substr(0, end + 1);
}

bool IsGrpcHeader(string_view included) {
  return absl::StartsWith(included, "grpcpp/") || absl::StartsWith(included, "grpc/") ||
         absl::EndsWith(included, ".grpc.pb.h");
}

std::string ForbiddenLibrary(string_view file, string_view included) {
  const string_view name = IsGrpcHeader(included) ? "grpcpp/" : included;
  for (const Floor& library : Libraries()) {
    if (!absl::StartsWith(name, library.folder)) continue;
    for (string_view folder : library.may_include) {
      if (absl::StartsWith(file, folder)) return "";
    }
    return absl::StrCat("only ", absl::StrJoin(library.may_include, ", "), " may see ", included);
  }
  return "";
}

bool IsExcepted(string_view file, string_view included) {
  return std::any_of(Exceptions().begin(), Exceptions().end(), [&](const Exception& exception) {
    return absl::StartsWith(file, exception.from) && absl::StartsWith(included, exception.to);
  });
}

bool IsOurs(string_view included) {
  return absl::StartsWith(included, "server/") || absl::StartsWith(included, "client/") ||
         absl::StartsWith(included, "certs/");
}

bool HasWord(string_view name, string_view word) {
  for (string_view part : absl::StrSplit(name, absl::ByAnyChar("_.-"))) {
    if (part == word) return true;
  }
  return false;
}

bool IsLowerSnake(string_view name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_' || c == '.';
  });
}

}  // namespace

const std::vector<Exception>& Exceptions() {
  static const auto& exceptions = *new std::vector<Exception>{
      {"server/call/", "server/crypto/token.h",
       "A call carries the tokens of the terms it used; they are the type Token, not text."},
  };
  return exceptions;
}

std::vector<std::string> IncludedFiles(string_view source) {
  std::vector<std::string> files;
  for (string_view line : absl::StrSplit(source, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&line, "#")) continue;
    line = absl::StripLeadingAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&line, "include")) continue;
    line = absl::StripLeadingAsciiWhitespace(line);
    if (line.empty() || (line[0] != '"' && line[0] != '<')) continue;
    const size_t end = line.find(line[0] == '"' ? '"' : '>', 1);
    if (end != string_view::npos) files.emplace_back(line.substr(1, end - 1));
  }
  return files;
}

std::string ForbiddenInclude(string_view file, string_view included) {
  const Floor* floor = FloorOf(file);
  if (floor == nullptr) {
    return IsOurs(file) ? "the folder stands on no floor of tests/arch/include_rules.cc" : "";
  }
  if (absl::StrContains(included, "../")) return "paths are written from the root";
  if (absl::StartsWith(included, "tests/")) return "the product includes no test";
  if (!IsOurs(included)) return ForbiddenLibrary(file, included);
  if (IsExcepted(file, included)) return "";
  const string_view area = AreaOf(file);
  const string_view own = area.empty() ? floor->folder : area;
  if (absl::StartsWith(included, own)) return "";
  for (string_view permitted : floor->may_include) {
    if (permitted == "*" || absl::StartsWith(included, permitted)) return "";
  }
  return absl::StrCat(
      own, " may include itself and ",
      floor->may_include.empty() ? "libraries" : absl::StrJoin(floor->may_include, ", "));
}

std::string ForbiddenName(string_view path) {
  constexpr string_view kBanned[] = {"util",  "utils", "helper", "helpers", "manager",
                                     "impl2", "new",   "data",   "misc"};
  for (string_view name : absl::StrSplit(path, '/')) {
    for (string_view word : kBanned) {
      if (HasWord(name, word)) return absl::StrCat("`", word, "` says nothing of what is in it");
    }
    if (name != "README.md" && name != "CMakeLists.txt" && !IsLowerSnake(name)) {
      return absl::StrCat("`", name, "` is not lower_snake");
    }
  }
  return "";
}

std::string ForbiddenTypeName(string_view source) {
  constexpr string_view kBanned[] = {"Util", "Utils", "Helper", "Helpers", "Manager"};
  for (string_view line : absl::StrSplit(source, '\n')) {
    line = absl::StripLeadingAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&line, "class ") && !absl::ConsumePrefix(&line, "struct ")) continue;
    const string_view name = line.substr(0, line.find_first_of(" ;:{<"));
    for (string_view word : kBanned) {
      if (absl::EndsWith(name, word)) return absl::StrCat(name, " says nothing of what it does");
    }
  }
  return "";
}

TestSubject SubjectOf(string_view test_path) {
  if (!absl::ConsumePrefix(&test_path, "tests/unit/")) return {};
  if (!absl::ConsumeSuffix(&test_path, "_test.cc")) return {};
  const size_t slash = test_path.rfind('/');
  if (slash == string_view::npos) return {};
  return {std::string(test_path.substr(0, slash)), std::string(test_path.substr(slash + 1))};
}

bool Shows(string_view test_stem, string_view file_stem) {
  if (!absl::ConsumePrefix(&test_stem, file_stem)) return false;
  return test_stem.empty() || test_stem[0] == '_';
}

}  // namespace lintas::arch
