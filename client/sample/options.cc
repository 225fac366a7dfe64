#include "client/sample/options.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lintas::sample {
namespace {

constexpr ShareName kShareNames[] = {
    {"cambodian_resident", &Shares::cambodian_resident, "persons who are Cambodians in Indonesia"},
    {"cambodian_visitor", &Shares::cambodian_visitor, "persons who are Cambodian visitors"},
    {"third_country", &Shares::third_country, "persons of a third country"},
    {"unknown_nationality", &Shares::unknown_nationality, "persons without a known nationality"},
    {"mononym", &Shares::mononym, "Indonesians with a single name"},
    {"old_spelling", &Shares::old_spelling, "Indonesians written with oe, tj, dj"},
    {"abbreviated", &Shares::abbreviated, "Muhammad written Muh., Moh. or M."},
    {"doubled", &Shares::doubled, "mononyms that the other side doubles"},
    {"no_first_name", &Shares::no_first_name, "mononyms that the other side writes with FNU"},
    {"unknown_birth_day", &Shares::unknown_birth_day, "birth dates like 1990-05-00"},
    {"unknown_birth_month", &Shares::unknown_birth_month, "birth dates like 1990-00-00"},
    {"unknown_sex", &Shares::unknown_sex, "persons whose sex is empty"},
    {"renewed", &Shares::renewed, "persons with an old and a renewed passport"},
    {"overstay", &Shares::overstay, "persons who stay beyond the permitted day"},
    {"typo", &Shares::typo, "persons whose name the other side mistypes"},
    {"swapped_date", &Shares::swapped_date, "persons whose birth day and month are exchanged"},
    {"respelled", &Shares::respelled, "persons whom the other side spells otherwise"},
    {"swapped_names", &Shares::swapped_names, "persons whose two names are exchanged"},
    {"unrecorded_departure", &Shares::unrecorded_departure, "departures the home side lacks"},
    {"deferred", &Shares::deferred, "journeys first deferred at departure"},
    {"refused", &Shares::refused, "journeys first refused at arrival"},
    {"home_trip", &Shares::home_trip, "residents who went home and came back"},
};

absl::Status Usage(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::Status ReadCount(absl::string_view flag, absl::string_view text, uint64_t* count) {
  if (!absl::SimpleAtoi(text, count)) return Usage(absl::StrCat(flag, " takes a whole number"));
  return absl::OkStatus();
}

absl::Status ReadShare(absl::string_view text, Shares* shares) {
  const std::pair<absl::string_view, absl::string_view> part =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  for (const ShareName& name : kShareNames) {
    if (name.name != part.first) continue;
    double share = -1;
    if (!absl::SimpleAtod(part.second, &share) || !(share >= 0 && share <= 1)) {
      return Usage(absl::StrCat("share ", part.first, " takes a number from 0 to 1"));
    }
    shares->*name.share = share;
    return absl::OkStatus();
  }
  return Usage(absl::StrCat("there is no share `", part.first, "`; --help lists them"));
}

absl::Status ReadKinds(absl::string_view text, std::vector<BadKind>* kinds) {
  kinds->clear();
  for (absl::string_view name : absl::StrSplit(text, ',')) {
    bool found = false;
    for (const BadKindRule& rule : BadKindRules()) {
      if (rule.name != name) continue;
      kinds->push_back(rule.kind);
      found = true;
    }
    if (!found) return Usage(absl::StrCat("there is no bad kind `", name, "`; --help lists them"));
  }
  return absl::OkStatus();
}

absl::Status ReadFlag(absl::string_view flag, const std::string& value, SampleOptions* options) {
  if (flag == "--seed") return ReadCount(flag, value, &options->seed);
  if (flag == "--rows") return ReadCount(flag, value, &options->rows);
  if (flag == "--bad") return ReadCount(flag, value, &options->bad);
  if (flag == "--bad_kinds") return ReadKinds(value, &options->bad_kinds);
  if (flag == "--share") return ReadShare(value, &options->shares);
  if (flag == "--scale") {
    // Ten times the public figures stay below kRowsMax.
    if (!absl::SimpleAtod(value, &options->scale) || !(options->scale > 0 && options->scale <= 8)) {
      return Usage("--scale takes a number over 0, at most 8");
    }
    return absl::OkStatus();
  }
  if (flag == "--out") {
    options->out = value;
    return absl::OkStatus();
  }
  return Usage(absl::StrCat("there is no flag ", flag, "; --help lists them"));
}

absl::Status Check(const SampleOptions& options) {
  if (options.out.empty()) return Usage("--out says where to write; it is missing");
  if (options.rows == 0 || options.rows > kRowsMax) {
    return Usage(absl::StrCat("--rows takes 1 to ", kRowsMax));
  }
  const Shares& s = options.shares;
  const double others =
      s.cambodian_resident + s.cambodian_visitor + s.third_country + s.unknown_nationality;
  if (others > 0.95) return Usage("less than 0.05 of the persons would be Indonesians");
  if (s.doubled + s.no_first_name > 1) return Usage("doubled and no_first_name exceed 1");
  if (s.typo + s.swapped_date + s.respelled + s.swapped_names > 1) {
    return Usage("the shares of what the other side writes otherwise exceed 1");
  }
  if (options.scale == 0 && options.bad > options.rows / 4) {
    return Usage("--bad takes at most a quarter of --rows");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Span<const ShareName> ShareNames() { return kShareNames; }

absl::StatusOr<SampleOptions> ParseOptions(const std::vector<std::string>& arguments) {
  SampleOptions options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string flag = arguments[i];
    if (flag == "--help" || flag == "-h") {
      options.help = true;
      return options;
    }
    std::string value;
    const size_t equals = flag.find('=');
    if (equals != std::string::npos) {
      value = flag.substr(equals + 1);
      flag.resize(equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    } else {
      return Usage(absl::StrCat(flag, " lacks its value"));
    }
    if (flag == "--bad-kinds") flag = "--bad_kinds";
    if (absl::Status status = ReadFlag(flag, value, &options); !status.ok()) return status;
  }
  if (absl::Status status = Check(options); !status.ok()) return status;
  return options;
}

std::string HelpText() {
  std::string text =
      "lintas-sample makes a synthetic population of two countries and its paper trail: CSV files "
      "as\n"
      "agencies export them, and the truth beside. No person stands behind any row.\n"
      "\n"
      "usage: lintas-sample --out DIR [--seed N] [--rows N | --scale X] [--bad N] [--bad_kinds "
      "A,B]\n"
      "                     [--share NAME=VALUE]...\n"
      "\n"
      "  --out DIR        writes DIR/idn, DIR/khm, DIR/truth and DIR/SYNTHETIC.txt; replaces an\n"
      "                   earlier sample, refuses a folder that holds anything else\n"
      "  --seed N         same seed and flags, same bytes (default 1)\n"
      "  --rows N         rows of each side, all files together (default 200000)\n"
      "  --scale X        instead of --rows: 1 is 73,000 Indonesians in Cambodia, 58,307 of them "
      "with\n"
      "                   a work permit, and 123,000 visits in nine months\n"
      "  --bad N          bad rows of each side, listed in DIR/truth/bad_rows.csv (default 0)\n"
      "  --bad_kinds A,B  only these kinds (default all)\n"
      "  --share N=V      sets a share, 0 to 1; may be given several times\n"
      "\n"
      "examples:\n"
      "  lintas-sample --seed 1 --rows 200000 --bad 50 --out /tmp/sample\n"
      "  lintas-sample --scale 1 --out /tmp/full\n"
      "  lintas-sample --rows 1000 --bad 9 --bad_kinds unknown_port,bad_sex --out /tmp/bad\n"
      "  lintas-sample --rows 50000 --share typo=0.2 --share mononym=0.5 --out /tmp/hard\n"
      "\n"
      "exit codes: 0 done, 2 usage or DIR cannot be written\n"
      "\n"
      "shares:\n";
  for (const ShareName& name : kShareNames) {
    absl::StrAppend(&text, "  ", name.name, "=", Shares().*name.share, "  ", name.meaning, "\n");
  }
  absl::StrAppend(&text, "\nbad kinds:\n");
  for (const BadKindRule& rule : BadKindRules()) {
    absl::StrAppend(&text, "  ", rule.name, "  ", rule.meaning, "\n");
  }
  return text;
}

}  // namespace lintas::sample
