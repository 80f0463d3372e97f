#!/usr/bin/env bash
# Makes TorchSharp's native library load where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04): docs/torch.md.
# Usage: mend-libtorchsharp.sh FOLDER|FILE...   (a build's output folder: Directory.Build.targets does that, or a program's)
#
# libLibTorchSharp.so of TorchSharp 0.107 asks for one symbol of GLIBCXX_3.4.32, std::ios_base_library_init(). <iostream> names it so
# that a program is not linked with an older libstdc++; no code calls it and no relocation refers to it, but the loader refuses a
# library that needs a version it does not have. One bit changes: that requirement is marked weak (VER_FLG_WEAK), and the loader goes on.
# Where the library loads as it is, nothing changes; nothing changes twice. The file's time stays, so that MSBuild does not copy it anew.
# Where it cannot be mended it is left as it is, and who uses it says why it does not load.
set -euo pipefail
export LC_ALL=C

# The requirement in .gnu.version_r: ELF hash of "GLIBCXX_3.4.32" (0x0297f842), little endian, then 16 bits of flags, 0.
entry='\x42\xf8\x97\x02\x00\x00'
missing() { [[ $(ldd "$1" 2>&1) == *": version \`GLIBCXX_3.4.32' not found"* ]]; }

mend() {
    local file=$1 places copy
    missing "$file" || return 0
    places=$(grep -obUaP "$entry" "$file" | cut -d: -f1)
    [[ $places =~ ^[0-9]+$ ]] || { echo "$file: its requirement of GLIBCXX_3.4.32 was not found, or more than once; left as it is"; return 0; }
    # A copy takes the file's name in the end: hard links to it (a package's own file) and programs that run keep the old one.
    copy=$(mktemp "$file.XXXXXX")
    cp -p "$file" "$copy"
    printf '\x02' | dd of="$copy" bs=1 seek=$((places + 4)) conv=notrunc status=none
    touch -r "$file" "$copy"
    # -r binds every symbol: were this one called, it would be named here.
    if missing "$copy" || [[ $(ldd -r "$copy" 2>&1) == *ios_base_library_init* ]]; then
        rm "$copy"
        echo "$file: needs more of libstdc++ than can be mended; left as it is"
        return 0
    fi
    mv "$copy" "$file"
    echo "$file: loads with this libstdc++ now"
}

[[ $# -gt 0 ]] || { echo "usage: ${0##*/} FOLDER|FILE..." >&2; exit 2; }
while IFS= read -r -d '' file; do
    mend "$file"
done < <(find "$@" -type f -name libLibTorchSharp.so -print0)
