#!/usr/bin/env bash
# Makes a SYNTHETIC chip with nothing but openssl: country-signing certificate, document signer, data
# groups 1 and 2, EF.SOD, a revocation list and a master list. Keys are made here and thrown away.
#
#   tests/support/synthetic_chip.sh FOLDER
#
# Leaves in FOLDER: csca.pem ds.pem EF.DG1 EF.DG2 EF.SOD csca.crl masterlist.ml
set -euo pipefail
folder=${1:?usage: tests/support/synthetic_chip.sh FOLDER}
mkdir -p "$folder"
cd "$folder"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

# Bytes with tag and length before them: wrap TAG_HEX < content.
wrap() {
  local content size
  content=$(xxd -p | tr -d '\n')
  size=$((${#content} / 2))
  if [ $size -lt 128 ]; then
    printf '%s%02x%s' "$1" $size "$content"
  elif [ $size -lt 256 ]; then
    printf '%s81%02x%s' "$1" $size "$content"
  else
    printf '%s82%04x%s' "$1" $size "$content"
  fi | xxd -r -p
}

certificate() { # NAME SUBJECT DAYS EXTENSIONS ISSUER
  openssl ecparam -name brainpoolP256r1 -param_enc explicit -genkey -noout -out "$keys/$1.key"
  openssl req -new -key "$keys/$1.key" -subj "$2" -out "$keys/$1.csr"
  printf '%b' "$4" >"$keys/$1.ext"
  if [ "$5" = self ]; then
    openssl x509 -req -in "$keys/$1.csr" -signkey "$keys/$1.key" -days "$3" -sha256 \
      -extfile "$keys/$1.ext" -out "$1.pem" 2>/dev/null
  else
    openssl x509 -req -in "$keys/$1.csr" -CA "$5.pem" -CAkey "$keys/$5.key" -set_serial 7 \
      -days "$3" -sha256 -extfile "$keys/$1.ext" -out "$1.pem" 2>/dev/null
  fi
}

certificate csca '/C=ID/CN=SYNTHETIC CSCA' 5000 \
  'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' self
certificate ds '/C=ID/CN=SYNTHETIC DS' 4000 \
  'keyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' csca

printf '%s' 'PPIDNSARI<<DEWI<<<<<<<<<<<<<<<<<<<<<<<<<<<<<' \
  'X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<04' | wrap 5f1f | wrap 61 >EF.DG1
printf 'SYNTHETIC picture' | wrap 75 >EF.DG2

{
  echo 'asn1=SEQUENCE:object'
  printf '[object]\nversion=INTEGER:0\nhash=SEQUENCE:sha256\ngroups=SEQUENCE:groups\n'
  printf '[sha256]\noid=OID:2.16.840.1.101.3.4.2.1\nnone=NULL\n'
  printf '[groups]\none=SEQUENCE:one\ntwo=SEQUENCE:two\n'
  for group in one:1 two:2; do
    printf '[%s]\nnumber=INTEGER:%s\nhash=FORMAT:HEX,OCTETSTRING:%s\n' "${group%:*}" \
      "${group#*:}" "$(openssl dgst -sha256 -r "EF.DG${group#*:}" | cut -d' ' -f1)"
  done
} >"$keys/object.cnf"
openssl asn1parse -genconf "$keys/object.cnf" -noout -out "$keys/object.der"
openssl cms -sign -in "$keys/object.der" -binary -nodetach -nosmimecap -md sha256 -outform DER \
  -econtent_type 2.23.136.1.1.1 -signer ds.pem -inkey "$keys/ds.key" -out "$keys/sod.der"
wrap 77 <"$keys/sod.der" >EF.SOD

{ printf '\002\001\000'; openssl x509 -in csca.pem -outform DER | wrap 31; } | wrap 30 \
  >"$keys/list.der"
openssl cms -sign -in "$keys/list.der" -binary -nodetach -nosmimecap -md sha256 -outform DER \
  -econtent_type 2.23.136.1.1.2 -signer ds.pem -inkey "$keys/ds.key" -out masterlist.ml

: >"$keys/index"
echo 01 >"$keys/number"
printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s\ncrlnumber=%s\ndefault_md=sha256\ndefault_crl_days=90\n' \
  "$keys/index" "$keys/number" >"$keys/ca.cnf"
openssl ca -config "$keys/ca.cnf" -gencrl -cert csca.pem -keyfile "$keys/csca.key" \
  -out csca.crl 2>/dev/null
echo "SYNTHETIC chip in $folder"
