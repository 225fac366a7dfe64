// Command verify checks an exported ledger with a stranger's code: Go's own transparency log and
// signed note packages (golang.org/x/mod/sumdb), which share no line with Lintas.
//
//	verify DIR
//
// DIR holds
//
//	vkey               the log's verifier key
//	checkpoint         the signed checkpoint
//	older_checkpoint   an earlier one
//	consistency        base64 hashes, one a line: from the earlier to the later
//	leaves             the leaves, one a line
//	inclusion/INDEX    base64 hashes, one a line
//	tile/LEVEL/N[.p/W] the tree as C2SP tlog-tiles lays it out
//
// It prints what it checked and exits 0, or prints the reason and exits 1.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: verify DIR")
		os.Exit(2)
	}
	if err := verify(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}

func verify(dir string) error {
	tree, err := readCheckpoint(dir, "checkpoint")
	if err != nil {
		return err
	}
	older, err := readCheckpoint(dir, "older_checkpoint")
	if err != nil {
		return err
	}
	proof, err := readHashes(filepath.Join(dir, "consistency"))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	leaves, err := readLeaves(dir, tree)
	if err != nil {
		return err
	}
	rebuilt, err := rebuild(leaves, tree)
	if err != nil {
		return err
	}
	own, err := tlog.ProveTree(tree.N, older.N, rebuilt)
	if err != nil {
		return err
	}
	if !equal(own, proof) {
		return errors.New("consistency: the leaves give another proof")
	}
	count, err := verifyInclusions(dir, tree, leaves, rebuilt)
	if err != nil {
		return err
	}
	if err := verifyTiles(dir, tree, rebuilt); err != nil {
		return err
	}
	fmt.Printf("ok: size %d extends %d, %d leaves included\n", tree.N, older.N, count)
	return nil
}

func readLeaves(dir string, tree tlog.Tree) ([][]byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, "leaves"))
	if err != nil {
		return nil, err
	}
	leaves := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if int64(len(leaves)) != tree.N {
		return nil, fmt.Errorf("%d leaves for a tree of %d", len(leaves), tree.N)
	}
	return leaves, nil
}

// storedHashes are all hashes of a tree in tlog's own order.
type storedHashes []tlog.Hash

func (s storedHashes) ReadHashes(indexes []int64) (hashes []tlog.Hash, err error) {
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

// rebuild makes the tree anew from its leaves and compares the root.
func rebuild(leaves [][]byte, tree tlog.Tree) (hashes storedHashes, err error) {
	for i, leaf := range leaves {
		added, err := tlog.StoredHashes(int64(i), leaf, hashes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, added...)
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, errors.New("leaves: they give another root")
	}
	return hashes, nil
}

func verifyInclusions(dir string, tree tlog.Tree, leaves [][]byte, rebuilt storedHashes) (int, error) {
	files, err := os.ReadDir(filepath.Join(dir, "inclusion"))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("no inclusion proofs: %v", err)
	}
	for _, file := range files {
		index, err := strconv.ParseInt(file.Name(), 10, 64)
		if err != nil || index >= tree.N {
			return 0, fmt.Errorf("inclusion: bad index %s", file.Name())
		}
		proof, err := readHashes(filepath.Join(dir, "inclusion", file.Name()))
		if err != nil {
			return 0, err
		}
		leaf := tlog.RecordHash(leaves[index])
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
			return 0, fmt.Errorf("inclusion of %d: %w", index, err)
		}
		own, err := tlog.ProveRecord(tree.N, index, rebuilt)
		if err != nil {
			return 0, err
		}
		if !equal(own, proof) {
			return 0, fmt.Errorf("inclusion of %d: the leaves give another proof", index)
		}
	}
	return len(files), nil
}

// readCheckpoint opens a signed note with the log's key and reads its three lines.
func readCheckpoint(dir, name string) (tree tlog.Tree, err error) {
	vkey, err := os.ReadFile(filepath.Join(dir, "vkey"))
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return tree, fmt.Errorf("vkey: %w", err)
	}
	signed, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, fmt.Errorf("%s: %w", name, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tree, fmt.Errorf("%s: not a checkpoint of this log", name)
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func readHashes(path string) (hashes []tlog.Hash, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Fields(string(text)) {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("%s: not a hash", path)
		}
		var hash tlog.Hash
		copy(hash[:], raw)
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func equal(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// verifyTiles compares every tile of the tree with the exported file. It does not use
// tlog.TileHashReader: the one in x/mod of Debian 12 leaves some of the tiles it reads unchecked.
// Go's paths name the tile height, those of tlog-tiles do not.
func verifyTiles(dir string, tree tlog.Tree, rebuilt storedHashes) error {
	for _, tile := range tlog.NewTiles(tileHeight, 0, tree.N) {
		end := tile.N<<tileHeight + int64(tile.W)
		if tile.W < 1<<tileHeight && end != tree.N>>uint(tileHeight*tile.L) {
			continue // A narrower form of a partial tile that has grown since.
		}
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		exported, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return fmt.Errorf("tiles: %w", err)
		}
		own, err := tlog.ReadTileData(tile, rebuilt)
		if err != nil {
			return err
		}
		if !bytes.Equal(own, exported) {
			return fmt.Errorf("tiles: %s differs", path)
		}
	}
	return nil
}
