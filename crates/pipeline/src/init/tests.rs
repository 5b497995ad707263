//! Files made to mislead: what init writes, and whether the pipeline is accepted.

use cartera_testkit::Workshop;

use super::*;

/// What init says and writes of one file.
struct Written {
    report: InitReport,
    text: String,
}

fn written(files: &[(&str, &[u8])]) -> Written {
    let workshop = Workshop::new();
    let files = files
        .iter()
        .map(|(name, content)| workshop.file(name, content))
        .collect();
    let out = workshop.path().join("pipeline.toml");
    let report = init(&InitRequest {
        files,
        out: out.clone(),
        name: None,
        warehouse: None,
        force: false,
    })
    .expect("written");
    let text = fs::read_to_string(out).expect("written");
    Written { report, text }
}

fn of(name: &str, content: &str) -> Written {
    written(&[(name, content.as_bytes())])
}

impl Written {
    /// The value of a key, of the first section that has it.
    fn value(&self, key: &str) -> Option<&str> {
        self.text
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
    }

    #[track_caller]
    fn accepted(&self) {
        assert_eq!(self.report.refusal, None, "{}", self.text);
        assert_eq!(self.report.questions, Vec::<String>::new(), "{}", self.text);
    }

    /// There is a question with these words, and the pipeline is refused.
    #[track_caller]
    fn asks(&self, words: &str) {
        let asked = self.report.questions.iter().any(|question| question.contains(words));
        assert!(
            asked,
            "{words:?} is not among {:#?}\n{}",
            self.report.questions, self.text
        );
        assert!(
            self.report.refusal.is_some(),
            "a question that runs anyway:\n{}",
            self.text
        );
    }
}

#[test]
fn plain_lines_are_mapped_without_a_question() {
    let found = of(
        "orders.csv",
        "order_id,customer_id,order_date,sku,qty,unit_price\n1,a,2025-01-31,tea,2,3.50\n1,a,2025-01-31,mug,1,8.00\n2,b,2025-02-01,tea,1,3.50\n",
    );
    found.accepted();
    for (key, value) in [
        ("customer_key", "\"customer_id\""),
        ("order_id", "\"order_id\""),
        ("ordered_at", "\"order_date\""),
        ("product_id", "\"sku\""),
        ("quantity", "\"qty\""),
        ("unit_price", "\"unit_price\""),
        ("date_format", "\"%Y-%m-%d\""),
        ("table", "\"order_lines\""),
    ] {
        assert_eq!(found.value(key), Some(value), "{key}\n{}", found.text);
    }
}

#[test]
fn dates_that_are_all_ambiguous_are_asked_and_the_answer_is_taken() {
    let found = of(
        "sales.csv",
        "customer,date,amount\na,03/04/2025,1.50\nb,05/06/2025,2.50\n",
    );
    found.asks("ambiguous");
    let refusal = found.report.refusal.clone().unwrap_or_default();
    assert!(
        refusal.contains("%d/%m/%Y (day first) or %m/%d/%Y (month first)"),
        "{refusal}"
    );
    let todo = found
        .text
        .lines()
        .find(|line| line.starts_with("ordered_at"))
        .expect("a line");
    let answered = found
        .text
        .replace(todo, "ordered_at = { column = \"date\", format = \"%d/%m/%Y\" }");
    assert_eq!(refusal_of(&answered), None);
}

fn refusal_of(text: &str) -> Option<String> {
    super::refusal(Path::new("pipeline.toml"), text)
}

#[test]
fn one_date_that_is_clear_settles_the_others() {
    let found = of(
        "sales.csv",
        "customer,date,amount\na,03/04/2025,1.50\nb,25/04/2025,2.50\n",
    );
    found.accepted();
    assert_eq!(found.value("date_format"), Some("\"%d/%m/%Y\""));
    assert!(
        found
            .text
            .contains("03/04/2025 in line 2 is ambiguous; 25/04/2025 in line 3 says day first"),
        "{}",
        found.text
    );
}

#[test]
fn dates_of_both_orders_are_asked() {
    let found = of(
        "sales.csv",
        "customer,date,amount\na,25/04/2025,1.50\nb,04/25/2025,2.50\n",
    );
    found.asks("mixes orders");
}

#[test]
fn another_file_of_the_same_kind_settles_the_dates() {
    let header = "customer,date,amount\n";
    let january = format!("{header}a,01/02/2025,1.50\nb,03/02/2025,1.50\n");
    let february = format!("{header}a,25/02/2025,1.50\n");
    let found = written(&[
        ("january.csv", january.as_bytes()),
        ("february.csv", february.as_bytes()),
    ]);
    found.accepted();
    assert_eq!(found.value("date_format"), Some("\"%d/%m/%Y\""));
    assert_eq!(found.value("paths"), Some("[\"january.csv\", \"february.csv\"]"));
}

#[test]
fn files_of_both_orders_are_no_silent_guess() {
    let header = "customer,date,amount\n";
    let one = format!("{header}a,25/02/2025,1.50\n");
    let other = format!("{header}a,02/26/2025,1.50\n");
    let found = written(&[("one.csv", one.as_bytes()), ("other.csv", other.as_bytes())]);
    assert!(
        found.report.refusal.is_some() || !found.report.questions.is_empty(),
        "{}",
        found.text
    );
}

#[test]
fn spanish_lines_in_windows_1252_with_lines_before_the_header() {
    let text = b"Listado de ventas\r\n\r\nN\xBA Factura;Fecha;C\xF3d. Cliente;Art\xEDculo;Descripci\xF3n;Unidades;Precio;Importe\r\n\
        001;03/04/2025;0012;A1;\"Ca\xF1a; roja\";2;1.234,50 \x80;2.469,00 \x80\r\n\
        002;25/04/2025;0013;A2;Caf\xE9;1;10,00 \x80;10,00 \x80\r\n\
        003;26/04/2025;0012;A2;\"Caf\xE9\r\nmolido\";1;10,00 \x80;10,00- \x80\r\n";
    let found = written(&[("ventas.csv", text)]);
    found.accepted();
    for (key, value) in [
        ("encoding", "\"windows-1252\""),
        ("delimiter", "\";\""),
        ("skip_lines", "2"),
        ("multiline", "true"),
        ("decimal_separator", "\",\""),
        ("thousands_separator", "\".\""),
        ("negatives", "[\"trailing_minus\"]"),
        ("currency_signs", "[\"€\"]"),
        ("currency", "\"EUR\""),
        ("order_id", "\"Nº Factura\""),
        ("customer_key", "\"Cód. Cliente\""),
        ("product_id", "\"Artículo\""),
        ("quantity", "\"Unidades\""),
        ("unit_price", "\"Precio\""),
        ("amount", "\"Importe\""),
    ] {
        assert_eq!(found.value(key), Some(value), "{key}\n{}", found.text);
    }
}

#[test]
fn three_digits_after_one_separator_are_asked() {
    let found = of(
        "sales.csv",
        "customer,date,amount\na,2025-04-13,1.234\nb,2025-04-14,2.500\n",
    );
    found.asks("thousands or three decimals");
}

#[test]
fn numbers_of_two_styles_are_asked() {
    let found = of(
        "sales.csv",
        "customer;date;amount\na;2025-04-13;1.50\nb;2025-04-14;2,50\n",
    );
    found.asks("decimal comma");
}

#[test]
fn the_total_of_an_order_on_each_line_is_asked() {
    let mut text = "order_id,customer_id,date,sku,total\n".to_owned();
    for order in 0..20 {
        for line in 0..3 {
            text.push_str(&format!(
                "{order},c{},2025-04-13,p{line},{}.50\n",
                order % 7,
                10 + order
            ));
        }
    }
    of("orders.csv", &text).asks("the order's total");
}

#[test]
fn a_price_that_grows_with_the_quantity_is_asked() {
    let mut text = "customer_id,date,sku,quantity,price\n".to_owned();
    for product in 1..30 {
        for quantity in [1, 3] {
            text.push_str(&format!(
                "c{product},2025-04-13,p{product},{quantity},{}.00\n",
                product * quantity
            ));
        }
    }
    of("orders.csv", &text).asks("as the amount of a line does");
}

#[test]
fn an_amount_that_is_the_product_is_sure_and_another_one_is_not() {
    let rows = |amount: fn(u32) -> u32| -> String {
        let rows = (1..30).map(|row| format!("c{},2025-04-13,{row},7.00,{}.00\n", row % 5, amount(row)));
        format!(
            "customer_id,date,quantity,unit_price,amount\n{}",
            rows.collect::<String>()
        )
    };
    let equal = of("orders.csv", &rows(|row| row * 7));
    equal.accepted();
    assert!(
        equal
            .text
            .contains("quantity x unit price is the amount in 29 of 29 records"),
        "{}",
        equal.text
    );
    let other = of("orders.csv", &rows(|row| row * 5));
    assert!(
        other
            .report
            .unsure
            .iter()
            .any(|line| line.contains("amount") && line.contains("discounts or taxes")),
        "{}",
        other.text
    );
}

#[test]
fn without_a_header_the_values_speak_or_a_question_is_asked() {
    let mut clear = String::new();
    for row in 0_u32..200 {
        let quantity = 1 + row % 3;
        clear.push_str(&format!(
            " {:05} 202501{:02}  {quantity}   {}.50\n",
            row % 40,
            1 + row % 28,
            14 * quantity
        ));
    }
    let found = of("lines.txt", &clear);
    found.accepted();
    assert_eq!(
        [
            found.value("customer_key"),
            found.value("ordered_at"),
            found.value("quantity"),
            found.value("amount")
        ],
        [Some("1"), Some("2"), Some("3"), Some("4")],
        "{}",
        found.text
    );
    let few = of(
        "lines.txt",
        "a,2025-01-02,1,3.50\nb,2025-01-03,2,3.50\na,2025-01-04,1,4.50\n",
    );
    few.asks("amount");
}

#[test]
fn columns_without_a_meaning_are_asked() {
    let found = of("x.csv", "alpha,beta,gamma\n1,x,2025-01-02\n2,y,2025-01-03\n");
    found.asks("customer_key");
    found.asks("amount");
}

#[test]
fn several_tables_are_told_apart() {
    let found = written(&[
        (
            "pedidos.csv",
            b"pedido,cliente,fecha,importe\n1,a,2025-01-31,2\n2,b,2025-01-31,3\n3,a,2025-02-28,4\n",
        ),
        (
            "clientes.csv",
            b"cliente,nombre,correo,provincia,sexo\na,Ana,ana@example.org,Lugo,M\nb,Bo,bo@example.org,Lugo,H\n",
        ),
        (
            "articulos.csv",
            b"articulo,descripcion,familia,coste\np1,te,bebidas,1.5\np2,taza,menaje,2.5\n",
        ),
        (
            "tipos_cambio.csv",
            b"fecha,divisa,cambio\n2025-01-31,USD,0.92\n2025-02-28,USD,0.93\n",
        ),
        (
            "quejas.csv",
            b"queja,cliente,fecha apertura,gravedad\n1,a,2025-01-31,alta\n2,b,2025-01-31,baja\n",
        ),
        ("notes.csv", b"this,that\nx,y\nz,u\n"),
    ]);
    found.accepted();
    let tables: Vec<&str> = found
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("table = "))
        .collect();
    assert_eq!(
        tables,
        [
            "\"order_lines\"",
            "\"customers\"",
            "\"products\"",
            "\"cases\"",
            "\"rates\""
        ],
        "{}",
        found.text
    );
    assert!(
        found.text.contains("values = { \"H\" = \"male\", \"M\" = \"female\" }"),
        "{}",
        found.text
    );
    assert!(
        found
            .text
            .contains("values = { \"alta\" = \"high\", \"baja\" = \"low\" }"),
        "{}",
        found.text
    );
    assert!(
        found.text.contains("kind = { value = \"complaint\" }"),
        "{}",
        found.text
    );
    assert!(
        found.text.contains("notes.csv: its columns fit no table"),
        "{}",
        found.text
    );
    assert!(
        !found.text.contains("ana@example.org"),
        "personal values stay out of the file:\n{}",
        found.text
    );
}

#[test]
fn lists_of_who_must_not_be_contacted_are_suppressions() {
    let lines = b"pedido,cliente,fecha,importe\n1,a,2025-01-31,2\n2,b,2025-01-31,3\n3,a,2025-02-28,4\n";
    let tables = |name: &str, content: &[u8]| -> (Vec<String>, String) {
        let found = written(&[("pedidos.csv", lines), (name, content)]);
        found.accepted();
        let tables = found.text.lines().filter_map(|line| line.strip_prefix("table = "));
        (tables.map(str::to_owned).collect(), found.text)
    };
    for (name, content) in [
        ("do_not_contact.csv", &b"customer_id,channel\na,email\nb,\n"[..]),
        (
            "lista_robinson.csv",
            b"correo,fecha alta\nana@example.org,2025-01-31\nbo@example.org,2025-02-28\n",
        ),
        (
            "unsubscribes.csv",
            b"email,date\nana@example.org,2025-01-31\nbo@example.org,2025-02-28\n",
        ),
        (
            "bloqueados.csv",
            b"cliente,telefono,motivo\na,+34 600111222,fallecido\nb,+34 600111223,staff\n",
        ),
    ] {
        let (tables, text) = tables(name, content);
        assert_eq!(tables, ["\"order_lines\"", "\"suppressions\""], "{name}:\n{text}");
    }
    let (_, text) = tables("bajas.csv", b"cliente,motivo\na,fallecido\nb,empleado\nc,fallecido\n");
    for meaning in ["\"empleado\" = \"staff\"", "\"fallecido\" = \"deceased\""] {
        assert!(text.contains(meaning), "{text}");
    }
    // A customer file with an e-mail and a telephone is one still.
    let (tables, text) = tables(
        "people.csv",
        b"customer_id,email,phone\na,a@example.org,600111222\nb,b@example.org,600111223\n",
    );
    assert_eq!(tables, ["\"order_lines\"", "\"customers\""], "{text}");
}

#[test]
fn owners_of_customers_are_taken_where_they_are_ids() {
    const ORDERS: &[u8] = b"order,customer,date,amount\n1,a,2025-01-31,2\n2,b,2025-01-31,3\n";
    let of_customers = |customers: &[u8], owners: &[u8]| {
        let mut files = vec![("orders.csv", ORDERS), ("customers.csv", customers)];
        files.extend((!owners.is_empty()).then_some(("owners.csv", owners)));
        let found = written(&files);
        found.accepted();
        let (_, section) = found
            .text
            .split_once("table = \"customers\"")
            .expect("customers are there");
        section.split("[[source]]").next().unwrap_or_default().to_owned()
    };
    let names = of_customers(
        b"customer,email,account_manager\na,a@example.org,Isabel L\xc3\xb3pez\nb,b@example.org,Juan Paz\n",
        b"",
    );
    assert!(!names.contains("owner_id = "), "{names}");
    assert!(
        names.contains("account_manager is not mapped: does it hold ids of owners, or names of people?"),
        "{names}"
    );
    assert!(!names.contains("Isabel") && !names.contains("Juan"), "{names}");
    for (column, value) in [("owner_id", "o1"), ("account_manager_code", "17"), ("id_gestor", "o1")] {
        let ids = format!("customer,email,{column}\na,a@example.org,{value}\nb,b@example.org,{value}2\n");
        let ids = of_customers(ids.as_bytes(), b"");
        assert!(ids.contains(&format!("owner_id = \"{column}\"")), "{ids}");
    }
    let known = of_customers(
        b"customer,email,account_manager\na,a@example.org,IL\nb,b@example.org,JP\nc,c@example.org,JP\n",
        b"owner_id,name,territories,capacity_customers\nIL,Isabel L\xc3\xb3pez,ES,10\nJP,Juan Paz,PT,10\n",
    );
    assert!(known.contains("owner_id = \"account_manager\""), "{known}");
    let others = of_customers(
        b"customer,email,account_manager\na,a@example.org,Isabel L\xc3\xb3pez\nb,b@example.org,Juan Paz\n",
        b"owner_id,name,territories,capacity_customers\nIL,Isabel L\xc3\xb3pez,ES,10\nJP,Juan Paz,PT,10\n",
    );
    assert!(!others.contains("owner_id = "), "{others}");
}

#[test]
fn what_the_file_does_not_tell_of_a_required_column_is_asked() {
    let found = written(&[
        (
            "orders.csv",
            b"order,customer,date,amount\n1,a,2025-01-31,2\n2,b,2025-01-31,3\n",
        ),
        (
            "log.csv",
            b"customer,campaign,channel,date\na,1,email,2025-01-31\na,2,email,2025-02-28\n",
        ),
    ]);
    found.asks("One of contact, response, redemption, visit, call");
}

#[test]
fn words_for_nothing_and_cancellations_are_declared() {
    let mut text = "InvoiceNo,CustomerID,InvoiceDate,StockCode,Quantity,UnitPrice\n".to_owned();
    for row in 0..40 {
        text.push_str(&format!(
            "{},{},2025-04-13 10:00:00,A{row},2,1.50\n",
            1000 + row,
            if row == 7 { "NULL" } else { "17" }
        ));
    }
    for row in 0..5 {
        text.push_str(&format!("C{},17,2025-04-14 10:00:00,A{row},-2,1.50\n", 2000 + row));
    }
    let found = of("retail.csv", &text);
    found.accepted();
    assert_eq!(found.value("null_values"), Some("[\"NULL\"]"));
    assert_eq!(
        (found.value("kind"), found.value("order_id_prefix")),
        (Some("\"cancellation\""), Some("\"C\""))
    );
    assert!(
        found
            .text
            .contains("5 records have order ids that start with \"C\", and 5 of them are below zero"),
        "{}",
        found.text
    );
}

#[test]
fn names_that_come_twice_are_mapped_by_their_position() {
    let found = of(
        "sales.csv",
        "customer,date,amount,date\na,2025-01-31,1.5,x\nb,2025-01-30,2.5,y\n",
    );
    found.accepted();
    assert_eq!(found.value("ordered_at"), Some("2"));
}

#[test]
fn a_file_that_is_there_is_kept() {
    let workshop = Workshop::new();
    let file = workshop.file("sales.csv", "customer,date,amount\na,2025-01-31,1.5\n");
    let out = workshop.file("pipeline.toml", "mine");
    let mut request = InitRequest {
        files: vec![file],
        out: out.clone(),
        name: Some("shop".to_owned()),
        warehouse: Some("runs".to_owned()),
        force: false,
    };
    let error = init(&request).expect_err("it is there");
    assert!(matches!(error, PipelineError::FileExists { .. }), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("--force")));
    assert_eq!(fs::read_to_string(&out).expect("there"), "mine");
    request.force = true;
    init(&request).expect("written over");
    let text = fs::read_to_string(&out).expect("there");
    assert!(text.contains("name = \"shop\"\nwarehouse = \"runs\""), "{text}");
}

#[test]
fn the_same_files_give_the_same_pipeline() {
    let files: [(&str, &[u8]); 2] = [
        (
            "orders.csv",
            b"order,customer,date,amount\n1,a,2025-01-31,2\n2,b,2025-01-31,3\n",
        ),
        (
            "people.csv",
            b"customer,email,city\na,x@example.org,Lugo\nb,y@example.org,Vigo\n",
        ),
    ];
    let one = written(&files);
    let other = written(&files);
    assert_eq!(one.text, other.text);
}
