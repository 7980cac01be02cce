(() => {
  const proof = JSON.parse(document.getElementById("proof").textContent);
  const panel = document.getElementById("panel"), box = panel.firstElementChild;
  const make = (tag, text, ...children) => {
    const node = document.createElement(tag);
    if (text !== null && text !== undefined) node.textContent = text;
    node.append(...children);
    return node;
  };
  const quiet = (text) => Object.assign(make("p", text), { className: "quiet" });
  const statuses = {
    preliminary: ["初步数：本季度尚未封存为发布版", "preliminary: the quarter is not yet frozen as an edition"],
    revised: ["修订数：发布或首次报送之后改过", "revised since it was published or first sent"],
    published: ["与发布版一致", "as published"],
    "under query": ["待核实：有审核意见尚未说明，不对外公布", "under query: a finding is not yet explained; not for the public"],
  };
  const qualifiers = { about: ["约", "about"], nearly: ["近", "nearly"], over: ["以上", "more than"], under: ["不足", "less than"], band: ["区间下限", "lower end of a band"] };
  const pair = (of, name) => (of[name] ? say(...of[name]) : name);
  const list = (entries) => {
    const dl = make("dl");
    for (const [term, value] of entries) if (value !== null && value !== undefined && value !== "") dl.append(make("dt", term), make("dd", value));
    return dl;
  };
  const sqlOf = (relation, open) => {
    const details = make("details", null, make("summary", relation.name), make("pre", relation.sql));
    details.open = open;
    return details;
  };
  const chain = (view) => {
    const found = [], byName = new Map(proof.views.map((v) => [v.name, v]));
    const visit = (name) => {
      const relation = byName.get(name);
      if (!relation || found.includes(relation)) return;
      found.push(relation);
      relation.reads.forEach(visit);
    };
    visit(view);
    return found;
  };
  const cellsOf = (row) => {
    const table = proof.tables[row.table], names = table.columns.map(([name]) => name);
    const at = (name) => names.indexOf(name);
    return table.rows
      .filter((r) => r[at("submission")] === row.file && r[at("sheet")] === row.sheet && Number(r[at("source_row")]) === row.row)
      .map((r) => Object.fromEntries(names.map((name, i) => [name, r[i]])));
  };
  const tidy = (digits) => (digits && digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
  const showRow = (index, fields) => {
    const row = proof.rows[index], file = proof.files[row.file], node = Object.assign(make("div"), { className: "row" });
    const place = [file.path, row.sheet, fields.map((f) => row.cells[f]).filter(Boolean).join(", ") || say(`第 ${row.row} 行`, `row ${row.row}`)].filter(Boolean).join(" › ");
    node.append(make("p", place));
    for (const cells of cellsOf(row)) {
      const words = [];
      if (cells.value_reported != null) words.push(`${tidy(cells.value_reported)} ${cells.unit_reported ?? ""}`);
      if (cells.growth_reported_pct != null) words.push(`${say("增速", "growth")} ${tidy(cells.growth_reported_pct)}%`);
      if (cells.stage != null) words.push(`${say("建设阶段", "stage")} ${cells.stage}`);
      node.append(quiet([cells.period, words.join(say("，", ", "))].filter(Boolean).join(say("：", ": "))));
    }
    if (file.sha256) node.append(quiet(`sha256 ${file.sha256}`));
    node.append(quiet(say(`收到 ${file.received_at}，第 ${file.revision} 次报送`, `received ${file.received_at}, submission no. ${file.revision}`)));
    for (const finding of file.findings.filter((f) => f.row === row.row)) node.append(make("p", `${finding.code}: ${say(finding.message_zh, finding.message_en)}${finding.explanation ? ` — ${finding.explanation}` : ""}`));
    return node;
  };
  const rulesOf = (id) => {
    const file = proof.files[id], details = make("details"), table = make("table"), body = make("tbody");
    const broken = file.rules.filter((r) => r[2] > 0).length, unchecked = file.rules.filter((r) => r[2] === 0 && r[3] > 0).length;
    details.append(make("summary", say(`${file.path}：问 ${file.rules.length} 条，违反 ${broken}，未核验 ${unchecked}`, `${file.path}: ${file.rules.length} asked, ${broken} broken, ${unchecked} unchecked`)));
    table.append(make("thead", null, make("tr", null, ...[say("规则", "rule"), say("成立", "holds"), say("违反", "broken"), say("未核验", "unchecked")].map((h) => make("th", h)))), body);
    for (const [name, holds, failed, open] of file.rules) {
      const title = proof.rules[name];
      body.append(make("tr", null, make("td", title ? `${name} ${say(title[0], title[1])}` : name), make("td", holds), make("td", failed), make("td", open)));
    }
    details.append(table);
    return details;
  };
  const show = (index) => {
    const number = proof.numbers[index], edition = proof.edition;
    const files = [...new Set(number.rows.map((r) => proof.rows[r].file))];
    const big = Object.assign(make("p", number.text, make("small", number.unit)), { className: "big" });
    const close = Object.assign(make("button", "×"), { className: "close", type: "button" });
    close.setAttribute("aria-label", say("关闭", "Close"));
    close.addEventListener("click", () => panel.close());
    const title = Object.assign(make("h3", say(number.title_zh, number.title_en)), { id: "panel-title" });
    const received = files.map((f) => proof.files[f].received_at).sort().at(-1);
    box.replaceChildren(
      close, title, big,
      list([
        [say("数值", "Value"), number.value],
        [say("限定", "Qualifier"), qualifiers[number.qualifier] && say(...qualifiers[number.qualifier])],
        [say("状态", "Status"), number.status && pair(statuses, number.status)],
        [say("截至", "Known since"), received],
        [say("发布版", "Edition"), edition ? `${edition.edition} (${[edition.frozen_at, edition.sha256 && `sha256 ${edition.sha256}`].filter(Boolean).join(", ")})` : say("未封存", "not frozen")],
        [say("视图", "View"), `${number.view} · ${number.column}`],
        [say("所在行", "Row"), Object.values(number.key).filter(Boolean).join(" · ")],
      ]),
      make("h4", say("出处", "Comes from")),
      ...(number.edition ? [make("p", `raw/editions/${number.edition}.csv`), ...(edition.sha256 ? [quiet(`sha256 ${edition.sha256}`)] : [])] : []),
      ...number.rows.map((r) => showRow(r, number.fields)),
      make("h4", say("审核规则与结果", "Rules asked, and their outcome")), ...files.map(rulesOf),
      make("h4", say("算式", "How it is computed")), ...chain(number.view).map((relation) => sqlOf(relation, false)),
    );
    panel.showModal();
    panel.scrollTop = 0;
  };
  document.addEventListener("click", (event) => {
    const number = event.target.closest("button.n");
    if (number) show(Number(number.dataset.n));
    else if (event.target === panel) panel.close();
  });
  if (/^#n\d+$/.test(location.hash)) show(Number(location.hash.slice(2)));
})();
