"""Reads what Lintas wrote with readers that are not its own.

read_back.py csv FILE       Python's csv module: prints every field in brackets, a row a line.
read_back.py json FILE SCHEMA   validates FILE against SCHEMA (jsonschema); prints `valid` or the
                            places that are not.
"""
import csv
import json
import sys


def main():
    kind, path = sys.argv[1], sys.argv[2]
    if kind == "csv":
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.reader(file, strict=True):
                print("".join("[%s]" % field for field in row))
        return 0
    import jsonschema
    with open(path, encoding="utf-8") as file:
        message = json.load(file)
    with open(sys.argv[3], encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(json.load(file))
    errors = list(validator.iter_errors(message))
    for error in errors[:10]:
        print("/".join(str(part) for part in error.absolute_path), error.message[:200])
    if not errors:
        print("valid")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
