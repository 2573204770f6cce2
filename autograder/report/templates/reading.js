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
      score: set.dataset.score, // which one the page has; "" for none
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
    const state = items.map((item) => [name(item.row), chosen(item)?.value ?? "", item.comment.value, item.score]);
    try {
      localStorage.setItem(key, JSON.stringify({ grader: byId("grader").value, state }));
      byId("kept").textContent = "kept in this browser";
    } catch {
      byId("kept").textContent = "this browser keeps nothing: download the sheet before you close the page";
    }
  };

  // Points as the sheet's reader takes them, exact: 2.5, .50, 25/3; null for what is no number.
  const NUMBER = /^([+-]?)(?:(\d{1,15})(?:\.(\d{0,20}))?|\.(\d{1,20})|(\d{1,40})\/(\d{1,40}))(?:e(-?\d{1,2}))?$/;
  const fraction = (text) => {
    const [all, sign, whole, more, alone, over, under, power] = NUMBER.exec(text) ?? [];
    if (all === undefined || (over && power) || /^0+$/.test(under ?? "1")) return null;
    if (over) return [BigInt(sign + over), BigInt(under)];
    const digits = more ?? alone ?? "";
    const shift = Number(power ?? 0) - digits.length;
    const ten = 10n ** BigInt(Math.abs(shift));
    const top = BigInt(`${sign === "-" ? "-" : ""}${whole ?? ""}${digits}`);
    return shift < 0 ? [top, ten] : [top * ten, 1n];
  };
  const same = (a, b) => a !== null && b !== null && a[0] * b[1] === b[0] * a[1];

  const put = (item, value, comment) => {
    const radio = item.radios.find((one) => one.value && same(fraction(one.value), fraction(value)));
    if (!radio) return false;
    radio.checked = true;
    item.comment.value = comment;
    return true;
  };

  const restore = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (!kept) return;
      const found = new Map(kept.state.map(([id, ...own]) => [id, own]));
      for (const item of items) {
        const [value, comment, score] = found.get(name(item.row)) ?? ["", ""];
        if ((score ?? "") !== item.score) continue; // chosen before the page had this score, which is newer
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

  // As the command reads it: whatever its delimiter, blanks around a cell do not count, nor do empty rows.
  const parsed = (text) => {
    const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    const [, told, below] = /^"?sep=(.?)"?[ ]*\n([^]*)$/i.exec(lines) ?? [];
    const head = lines.split("\n", 1)[0].split('"').filter((_, i) => i % 2 === 0).join("");
    const most = [",", ";", "\t", "|"].reduce((a, b) => (head.split(b).length > head.split(a).length ? b : a));
    const delimiter = below === undefined ? most : told || "\t";
    const rows = [[""]];
    let quoted = false;
    const body = below ?? lines;
    for (let i = 0; i < body.length; i += 1) {
      const row = rows[rows.length - 1];
      const c = body[i];
      const last = row.length - 1;
      if (quoted && c === '"' && body[i + 1] === '"') row[last] += body[(i += 1)];
      else if (c === '"' && (quoted || !row[last])) quoted = !quoted;
      else if (!quoted && c === delimiter) row.push("");
      else if (!quoted && c === "\n") rows.push([""]);
      else row[last] += c;
    }
    return rows.map((row) => row.map((one) => one.trim())).filter((row) => row.some(Boolean));
  };

  const bare = (who) => who.trim().replace(/^'/, ""); // put there so that no spreadsheet runs it
  const take = async (file) => {
    const [head, ...rows] = parsed(await file.text());
    const columns = (head ?? []).map((one) => one.toLowerCase());
    if (["who", "item", "points"].some((column) => !columns.includes(column))) {
      byId("kept").textContent = `${file.name} is no sheet: it has no columns who, item, points`;
      return;
    }
    const places = new Map(items.map((item) => [`${bare(item.row[0])}\n${item.row[3]}`, item]));
    for (const item of items) places.set(name(item.row), item);
    const here = new Set(items.map((item) => item.row[3]));
    const left = [];
    let taken = 0;
    for (const row of rows) {
      const of = (column) => row[columns.indexOf(column)] ?? "";
      const points = of("points");
      if (!points || !here.has(of("item"))) continue; // those of other questions are for other pages
      const item = places.get(`${of("who")}\n${of("item")}`) ?? places.get(`${bare(of("who"))}\n${of("item")}`);
      const version = of("version").slice(0, 12);
      const place = `${of("who")}, ${of("item")}`;
      if (!item) left.push(`${place}: nobody of this name is on this page`);
      else if (!item.row[1].startsWith(version)) left.push(`${place}: another version was handed in since`);
      else if (put(item, points, columns.includes("comment") ? of("comment") : item.comment.value)) taken += 1;
      else left.push(`${place}: ${points} is none of ${item.row[5]}`);
    }
    count();
    keep();
    const more = left.length > 5 ? ` and ${left.length - 5} more` : "";
    const others = left.length ? `. Not taken up: ${left.slice(0, 5).join("; ")}${more}` : "";
    byId("kept").textContent = `${taken} row${taken === 1 ? "" : "s"} of ${file.name} taken up${others}`;
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
