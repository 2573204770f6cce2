"use strict";
// The form for points by a person: keeps what was chosen in this browser, counts, and writes the sheet that
// `autograder rubric` reads. It asks nothing of a network.
(() => {
  const form = document.getElementById("reading");
  const byId = (id) => document.getElementById(id);
  const key = `autograder reading ${form.dataset.key}`;
  const people = [...form.querySelectorAll(".person")].map((section) => ({
    section,
    sum: section.querySelector(".sum"),
    items: [...section.querySelectorAll("fieldset")].map((set) => ({
      set,
      row: JSON.parse(set.dataset.row),
      comment: set.querySelector("textarea"),
      radios: [...set.querySelectorAll("input[type=radio]")],
    })),
  }));
  const items = people.flatMap((person) => person.items);
  const chosen = (item) => item.radios.find((radio) => radio.checked && radio.value);
  const name = (row) => `${row[0]}\n${row[3]}`; // who and item

  const count = () => {
    for (const person of people) {
      const values = person.items.map(chosen).filter(Boolean);
      const sum = values.reduce((total, radio) => total + Number(radio.dataset.points), 0);
      person.sum.textContent = values.length ? String(Math.round(sum * 1000) / 1000) : "–";
      person.section.classList.toggle("read", values.length === person.items.length);
    }
    const read = items.filter(chosen).length;
    byId("progress").textContent = `${read} of ${items.length} have points`;
  };

  const keep = () => {
    const state = items.map((item) => [name(item.row), chosen(item)?.value ?? "", item.comment.value]);
    try {
      localStorage.setItem(key, JSON.stringify({ grader: byId("grader").value, state }));
      byId("kept").textContent = "kept in this browser";
    } catch {
      byId("kept").textContent = "this browser keeps nothing: download the sheet before you close the page";
    }
  };

  const put = (item, value, comment) => {
    const radio = item.radios.find((one) => one.value === value) ?? item.radios[0];
    radio.checked = true;
    item.comment.value = comment;
  };

  const restore = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (!kept) return;
      const found = new Map(kept.state.map(([id, value, comment]) => [id, [value, comment]]));
      for (const item of items) {
        const [value, comment] = found.get(name(item.row)) ?? ["", ""];
        if (value) put(item, value, comment); // what is not read here may have been read elsewhere: the page knows
        else if (comment) item.comment.value = comment;
      }
      byId("grader").value = kept.grader;
      byId("kept").textContent = "as this browser kept it";
    } catch {
      byId("kept").textContent = "this browser keeps nothing: download the sheet before you close the page";
    }
  };

  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const tame = (text) => (/^\s*[=+\-@|]/.test(text) ? `'${text}` : text).replace(/\s+/g, " ").trim();
  const sheet = () => {
    const rows = [form.dataset.columns.split(",")];
    for (const item of items) {
      const points = chosen(item)?.value ?? "";
      rows.push([...item.row, points, tame(item.comment.value), points ? tame(byId("grader").value) : ""]);
    }
    return rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
  };

  const parsed = (text) => {
    const rows = [[""]];
    let quoted = false;
    for (let i = 0; i < text.length; i += 1) {
      const row = rows[rows.length - 1];
      const c = text[i];
      if (quoted && c === '"' && text[i + 1] === '"') row[row.length - 1] += text[(i += 1)];
      else if (c === '"') quoted = !quoted;
      else if (!quoted && c === ",") row.push("");
      else if (!quoted && c === "\n") rows.push([""]);
      else if (quoted || c !== "\r") row[row.length - 1] += c;
    }
    return rows.filter((row) => row.length > 1);
  };

  const take = async (file) => {
    const [head, ...rows] = parsed((await file.text()).replace(/^\ufeff/, ""));
    const at = (column) => (head ?? []).indexOf(column);
    if (["who", "item", "points"].some((column) => at(column) < 0)) {
      byId("kept").textContent = `${file.name} is no sheet: it has no columns who, item, points`;
      return;
    }
    const found = new Map(rows.map((row) => [`${row[at("who")]}\n${row[at("item")]}`, row]));
    let taken = 0;
    for (const item of items) {
      const row = found.get(name(item.row));
      if (!row || !row[at("points")]) continue;
      put(item, row[at("points")], at("comment") < 0 ? "" : row[at("comment")]);
      taken += 1;
    }
    count();
    keep();
    byId("kept").textContent = `${taken} rows of ${file.name} taken up`;
  };

  byId("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([sheet()], { type: "text/csv" }));
    link.download = form.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
  byId("next").addEventListener("click", () => {
    const after = items.findIndex((item) => item.set.contains(document.activeElement) || item.set.dataset.here);
    const turned = [...items.slice(after + 1), ...items.slice(0, after + 1)];
    const item = turned.find((one) => !chosen(one));
    for (const one of items) delete one.set.dataset.here;
    if (!item) return;
    item.set.dataset.here = "1";
    item.set.scrollIntoView({ block: "center" });
    item.radios[0].focus({ preventScroll: true });
  });
  byId("load").addEventListener("change", (event) => event.target.files[0] && take(event.target.files[0]));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { count(); keep(); });
  restore();
  count();
  byId("bar").hidden = false;
  byId("stays").hidden = false;
})();
