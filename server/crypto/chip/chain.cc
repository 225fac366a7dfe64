#include "server/crypto/chip/chain.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/chip/algorithms.h"
#include "server/crypto/chip/openssl_handles.h"

namespace lintas::chip {
namespace {

// Root, links of three key changes, signer.
constexpr int kDepthMax = 5;

// What the callback lets pass and remembers.
struct Seen {
  bool explicit_curve = false;
  std::string time_reason;
};

const char* TimeReason(int error, int depth) {
  const bool signer = depth == 0;
  if (error == X509_V_ERR_CERT_HAS_EXPIRED) return signer ? "SIGNER_EXPIRED" : "ISSUER_EXPIRED";
  return signer ? "SIGNER_NOT_YET_VALID" : "ISSUER_NOT_YET_VALID";
}

// Lets pass three things that OpenSSL refuses: parameters of curves written out, as Doc 9303-12
// asks for, if they are an allowed curve's; dates, which are told last, because a certificate that
// nobody vouches for is not merely old; and the length of paths, because a link certificate stands
// between two keys that both may sign only signers.
int OnError(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  auto* seen = static_cast<Seen*>(X509_STORE_CTX_get_app_data(context));
  const int error = X509_STORE_CTX_get_error(context);
  switch (error) {
    case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS: {
      X509* current = X509_STORE_CTX_get_current_cert(context);
      if (current == nullptr || !KindOfKey(X509_get0_pubkey(current)).allowed) return 0;
      seen->explicit_curve = true;
      return 1;
    }
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      if (seen->time_reason.empty()) {
        seen->time_reason = TimeReason(error, X509_STORE_CTX_get_error_depth(context));
      }
      return 1;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return 1;
    default:
      return 0;
  }
}

bool NamesKeyOf(X509* signer, X509* anchor) {
  const ASN1_OCTET_STRING* named = X509_get0_authority_key_id(signer);
  const ASN1_OCTET_STRING* held = X509_get0_subject_key_id(anchor);
  return named != nullptr && held != nullptr && ASN1_OCTET_STRING_cmp(named, held) == 0;
}

// A wrong signature under the very key that the certificate names is a forgery; under another key
// of the same name it only means that the right key is not held.
bool AnyNamesKeyOf(const std::vector<X509*>& below, const std::vector<X509*>& held) {
  for (X509* one : below) {
    for (X509* anchor : held) {
      if (NamesKeyOf(one, anchor)) return true;
    }
  }
  return false;
}

void SetFailure(int error, X509* signer, const CscaStore::Held& held, Chain* chain) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      chain->result = Chain::Result::kNoAnchor;
      chain->reason = "NO_ANCHOR_FOR_SIGNER";
      return;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: {
      std::vector<X509*> keys = held.anchors;
      keys.insert(keys.end(), held.links.begin(), held.links.end());
      std::vector<X509*> below = {signer};
      const bool forged = AnyNamesKeyOf(below, keys);
      chain->result = forged ? Chain::Result::kSignatureBad : Chain::Result::kNoAnchor;
      chain->reason = forged ? "SIGNER_CERTIFICATE_FORGED" : "OTHER_KEY_OF_THAT_ISSUER";
      return;
    }
    case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
      chain->result = Chain::Result::kUnverifiable;
      chain->reason = "CURVE_NOT_ALLOWED";
      return;
    default:
      chain->result = Chain::Result::kUnverifiable;
      chain->reason = absl::StrCat("CHAIN_ERROR_", error);
  }
}

void AddFlags(const Chain::Result result, const Seen& seen, Chain* chain) {
  if (seen.explicit_curve) chain->flags.insert("EXPLICIT_CURVE");
  if (result != Chain::Result::kAnchored) return;
  if (chain->certificates.size() > 2) chain->flags.insert("LINK_CERTIFICATE_USED");
  for (size_t i = 0; i < chain->certificates.size(); ++i) {
    X509* certificate = chain->certificates[i].get();
    if (KindOfKey(X509_get0_pubkey(certificate)).weak) chain->flags.insert("WEAK_KEY");
    // The anchor's own signature proves nothing and is not looked at.
    if (i + 1 == chain->certificates.size()) continue;
    int hash = NID_undef;
    if (X509_get_signature_info(certificate, &hash, nullptr, nullptr, nullptr) == 1 &&
        IsWeakHash(OBJ_nid2sn(hash))) {
      chain->flags.insert("WEAK_HASH");
    }
  }
}

bool AllKeysAllowed(const Chain& chain) {
  return std::all_of(chain.certificates.begin(), chain.certificates.end(), [](const auto& one) {
    return KindOfKey(X509_get0_pubkey(one.get())).allowed;
  });
}

Chain TryAnchors(X509* signer, const std::vector<X509*>& anchors, const CscaStore::Held& held,
                 absl::Time at) {
  Chain chain;
  const StorePtr store(X509_STORE_new());
  const StackPtr links(sk_X509_new_null());
  const StoreContextPtr context(X509_STORE_CTX_new());
  LINTAS_CHECK(store != nullptr && links != nullptr && context != nullptr);
  for (X509* anchor : anchors) X509_STORE_add_cert(store.get(), anchor);
  for (X509* link : held.links) sk_X509_push(links.get(), link);
  LINTAS_CHECK(X509_STORE_CTX_init(context.get(), store.get(), signer, links.get()) == 1);
  Seen seen;
  X509_STORE_CTX_set_app_data(context.get(), &seen);
  X509_STORE_CTX_set_verify_cb(context.get(), &OnError);
  X509_STORE_CTX_set_time(context.get(), 0, absl::ToTimeT(at));
  X509_STORE_CTX_set_depth(context.get(), kDepthMax);
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_ANY);
  const bool anchored = X509_verify_cert(context.get()) == 1;
  const STACK_OF(X509)* path = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; anchored && i < sk_X509_num(path); ++i) {
    X509* one = sk_X509_value(path, i);
    X509_up_ref(one);
    chain.certificates.emplace_back(one, &X509_free);
  }
  if (!anchored) {
    SetFailure(X509_STORE_CTX_get_error(context.get()), signer, held, &chain);
  } else if (!AllKeysAllowed(chain)) {
    chain.result = Chain::Result::kUnverifiable;
    chain.reason = "KEY_NOT_ALLOWED";
  } else if (!seen.time_reason.empty()) {
    chain.result = Chain::Result::kNotValid;
    chain.reason = seen.time_reason;
  } else {
    chain.result = Chain::Result::kAnchored;
  }
  AddFlags(chain.result, seen, &chain);
  ERR_clear_error();
  return chain;
}

bool SignedByCountry(X509_CRL* crl, const Chain& chain, const CscaStore::Held& held) {
  const auto signed_by = [&](X509* one) {
    const bool good = X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(one)) == 0 &&
                      X509_CRL_verify(crl, X509_get0_pubkey(one)) == 1;
    ERR_clear_error();
    return good;
  };
  for (size_t i = 1; i < chain.certificates.size(); ++i) {
    if (signed_by(chain.certificates[i].get())) return true;
  }
  return std::any_of(held.anchors.begin(), held.anchors.end(), signed_by);
}

bool Before(const ASN1_TIME* time, absl::Time at) {
  struct tm parts = {};
  return time != nullptr && ASN1_TIME_to_tm(time, &parts) == 1 &&
         absl::FromTM(parts, absl::UTCTimeZone()) < at;
}

bool IsRevoked(X509_CRL* crl, X509* certificate, absl::Time at) {
  X509_REVOKED* entry = nullptr;
  if (X509_CRL_get0_by_cert(crl, &entry, certificate) != 1) return false;
  return Before(X509_REVOKED_get0_revocationDate(entry), at);
}

}  // namespace

Chain BuildChain(x509_st* signer, const CscaStore::Held& held, absl::Time at) {
  Chain chain = TryAnchors(signer, held.anchors, held, at);
  // OpenSSL takes one of several issuers with the same name, which may be the wrong key.
  if (chain.result == Chain::Result::kAnchored || held.anchors.size() < 2) return chain;
  for (X509* anchor : held.anchors) {
    Chain alone = TryAnchors(signer, {anchor}, held, at);
    if (alone.result == Chain::Result::kAnchored) return alone;
    if (alone.result == Chain::Result::kNotValid) chain = std::move(alone);
  }
  return chain;
}

Revocation CheckRevocation(const Chain& chain, const CscaStore::Held& held,
                           const std::vector<X509_crl_st*>& crls, absl::Time at) {
  Revocation revocation;
  for (X509_CRL* crl : crls) {
    for (size_t i = 0; i + 1 < chain.certificates.size(); ++i) {
      X509* certificate = chain.certificates[i].get();
      if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(certificate)) != 0) continue;
      if (!SignedByCountry(crl, chain, held)) {
        revocation.flags.insert("CRL_SIGNATURE_WRONG");
        continue;
      }
      if (i == 0) revocation.checked = true;
      const ASN1_TIME* next = X509_CRL_get0_nextUpdate(crl);
      if (next != nullptr && Before(next, at)) revocation.flags.insert("STALE_CRL");
      revocation.revoked = revocation.revoked || IsRevoked(crl, certificate, at);
    }
  }
  ERR_clear_error();
  return revocation;
}

}  // namespace lintas::chip
