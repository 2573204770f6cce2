"use strict";
// Tables of a page: a head that is clicked sorts by its column, again the other way round; names can be looked for; a
// link into a folded part opens it. Without this script everything is there all the same.
(() => {
  const value = (cell) => {
    const text = (cell?.textContent ?? "").trim();
    const number = Number.parseFloat(text.replace(",", "."));
    return [Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number, text];
  };
  const compare = (a, b, words) => (words ? a[1].localeCompare(b[1], "en", { numeric: true }) : a[0] - b[0]);

  for (const table of document.querySelectorAll("table.sorts")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const words = head.classList.contains("l") && !head.classList.contains("wide");
        const before = head.getAttribute("aria-sort");
        const up = before ? before === "descending" : words;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...body.rows].map((row) => [value(row.cells[column]), row]);
        rows.sort((a, b) => (up ? 1 : -1) * compare(a[0], b[0], words));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }

  const filter = document.getElementById("filter");
  if (filter) {
    const rows = [...document.getElementById("students").tBodies[0].rows];
    filter.closest("p").hidden = false;
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLocaleLowerCase();
      for (const row of rows) row.hidden = !row.cells[0].textContent.toLocaleLowerCase().includes(wanted);
      const shown = rows.filter((row) => !row.hidden).length;
      document.getElementById("found").textContent = wanted ? `${shown} of ${rows.length}` : "";
    });
  }

  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  open();
})();
