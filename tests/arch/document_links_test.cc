#include "tests/arch/document_links.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/arch/source_tree.h"

namespace lintas::arch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Documents() {
  std::vector<std::string> files = {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"};
  for (const char* folder : {"docs", "server", "deploy"}) {
    for (std::string& file : FilesBelow(folder, {".md"})) files.push_back(std::move(file));
  }
  return files;
}

TEST(Documents, LinkToFilesThatAreThere) {
  for (const std::string& document : Documents()) {
    for (const std::string& linked : LinkedFiles(document, ReadSource(document))) {
      EXPECT_TRUE(Exists(linked)) << document << " links to " << linked;
    }
  }
}

TEST(Documents, ThatCommentsMentionAreThere) {
  for (const char* folder : {"server", "client", "certs", "proto", "deploy", "cmake"}) {
    for (const std::string& file : FilesBelow(folder, {".h", ".cc", ".proto", ".cmake"})) {
      for (const std::string& document : MentionedDocuments(ReadSource(file))) {
        EXPECT_TRUE(Exists(document)) << file << " mentions " << document;
      }
    }
  }
}

TEST(Documents, DefineEveryRuleOnceAndInOrder) {
  std::vector<std::string> expected;
  for (int i = 1; i <= 33; ++i) expected.push_back(absl::StrCat("P", i));
  for (int i = 1; i <= 8; ++i) expected.push_back(absl::StrCat("R", i));
  EXPECT_EQ(DefinedRules(ReadSource("docs/protocol-rules.md")), expected);
}

TEST(DocumentLinks, AreTakenFromTheFolderOfTheDocument) {
  EXPECT_THAT(LinkedFiles("docs/a.md",
                          "[x](b.md) [y](../README.md#top) [z](https://example.org) "
                          "[w](#here)"),
              ElementsAre("docs/b.md", "README.md"));
}

TEST(DocumentLinks, FindDocumentsInComments) {
  EXPECT_THAT(MentionedDocuments("// see docs/architecture.md.\n// (docs/decisions/0001-a.md)"),
              ElementsAre("docs/architecture.md", "docs/decisions/0001-a.md"));
  EXPECT_THAT(MentionedDocuments("// the docs/ folder"), IsEmpty());
}

TEST(DocumentLinks, ReadRuleNumbersInBold) {
  EXPECT_THAT(DefinedRules("**P1** one **bold** **R2** P3 **P-256** **P4 x**"),
              ElementsAre("P1", "R2"));
}

}  // namespace
}  // namespace lintas::arch
