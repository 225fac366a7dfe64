// From compared pairs to weights and from weights to links. Internal to linkage/.
#ifndef LINTAS_SERVER_MATCHING_LINKAGE_LINKS_H_
#define LINTAS_SERVER_MATCHING_LINKAGE_LINKS_H_

#include <vector>

#include "server/matching/linkage/linkage.h"
#include "server/matching/linkage/people.h"

namespace lintas::matching {

// One round of expectation maximisation. Pairs that are no candidates count as of two persons.
LinkWeights Retrained(const People& people, const std::vector<Candidate>& candidates,
                      const LinkWeights& weights);

std::vector<Link> ClusterLinks(const People& people, const std::vector<Candidate>& candidates,
                               const LinkWeights& weights);

std::vector<Link> AssignLinks(const People& people, const std::vector<Candidate>& candidates,
                              const LinkWeights& weights);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_LINKAGE_LINKS_H_
