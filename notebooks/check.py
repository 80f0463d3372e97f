"""check.py EXECUTED [TO]: an executed notebook must hold a picture, and no cell an error or a warning of the compiler. Writes it to TO without what is of this
machine (the kernel's greeting with its addresses, paths of packages, times), so that outputs in the repository are results alone."""
import html
import json
import re
import sys

# The last: TorchSharp is made for .NET 8.
NOISE = ("$CACHE_BUSTER$", "Installed Packages", "Loading extension", "warning CS1701")


def text_of(data):
    """A value that the kernel shows as HTML, as plain text."""
    page = "".join(data["text/html"])
    found = re.search(r'<div class="dni-plaintext"><pre>(.*?)</pre>', page, re.S)
    return {"text/plain": [html.unescape(found.group(1))]} if found else data


notebook = json.load(open(sys.argv[1], encoding="utf-8"))
pictures = 0
for cell in notebook["cells"]:
    cell["metadata"].pop("execution", None)
    kept = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        everything = json.dumps(output)
        if any(noise in everything for noise in NOISE):
            continue
        if output["output_type"] == "error" or re.search(r"(warning|error) CS\d+", everything):
            sys.exit(f"{sys.argv[1]}: {everything[:600]}")
        pictures += "image/png" in data
        if list(data) == ["text/html"]:
            output["data"] = text_of(data)
        kept.append(output)
    if "outputs" in cell:
        cell["outputs"] = kept
if not pictures:
    sys.exit(f"{sys.argv[1]}: no cell shows a picture: the formatters of Gmm.Interactive are not there")
if len(sys.argv) > 2:
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(notebook, file, indent=1, ensure_ascii=False)
        file.write("\n")
