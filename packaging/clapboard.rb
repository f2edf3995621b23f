class Clapboard < Formula
  desc "@DESCRIPTION@"
  homepage "@URL@"
  version "@VERSION@"
  license "@LICENSE@"

  on_macos do
    on_arm do
      url "@URL@/releases/download/v@VERSION@/clapboard-v@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@aarch64-apple-darwin@"
    end
    on_intel do
      url "@URL@/releases/download/v@VERSION@/clapboard-v@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@URL@/releases/download/v@VERSION@/clapboard-v@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@URL@/releases/download/v@VERSION@/clapboard-v@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "clapboard"
    generate_completions_from_executable(bin/"clapboard", "completions")
    system bin/"clapboard", "man", "--out", "man"
    man1.install Dir["man/*.1"]
  end

  test do
    system bin/"clapboard", "init", "film"
    system bin/"clapboard", "check", "film"
  end
end
