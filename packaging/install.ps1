# Installs clapboard @VERSION@ for this user: .\install.ps1 [FOLDER]
# FOLDER is %LOCALAPPDATA%\clapboard if it is not given, and is added to the user's PATH. The archive's SHA-256 is part of
# this script.
param([string]$Folder = "$env:LOCALAPPDATA\clapboard")
$ErrorActionPreference = "Stop"

$version = "@VERSION@"
$hash = "@x86_64-pc-windows-msvc@"
$from = if ($env:CLAPBOARD_DOWNLOAD) { $env:CLAPBOARD_DOWNLOAD } else { "@URL@/releases/download/v$version" }
if (-not $hash) { throw "There is no program for Windows in this release; with Rust: cargo install clapboard" }

$name = "clapboard-v$version-x86_64-pc-windows-msvc"
$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory $work | Out-Null
try {
    Invoke-WebRequest -UseBasicParsing "$from/$name.zip" -OutFile "$work\archive.zip"
    $found = (Get-FileHash -Algorithm SHA256 "$work\archive.zip").Hash
    if ($found -ne $hash) { throw "The archive is not the one that was released (SHA-256 $found); nothing is installed." }
    Expand-Archive "$work\archive.zip" $work
    New-Item -ItemType Directory -Force $Folder | Out-Null
    Copy-Item -Force "$work\$name\clapboard.exe" $Folder
} finally {
    Remove-Item -Recurse -Force $work
}
$path = [Environment]::GetEnvironmentVariable("Path", "User")
if (($path -split ";") -notcontains $Folder) {
    [Environment]::SetEnvironmentVariable("Path", "$path;$Folder", "User")
    Write-Output "$Folder was added to your PATH: open a new terminal."
}
Write-Output "installed $(& "$Folder\clapboard.exe" --version) as $Folder\clapboard.exe"
