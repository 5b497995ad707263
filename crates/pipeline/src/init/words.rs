//! Names of columns and files as words with a meaning, in English and Spanish.

/// Words of one meaning, the meaning first.
const MEANINGS: &[&[&str]] = &[
    &[
        "customer",
        "customers",
        "client",
        "clients",
        "cliente",
        "clientes",
        "cust",
        "cli",
        "buyer",
        "comprador",
        "shopper",
        "consumer",
    ],
    &[
        "member",
        "members",
        "socio",
        "socios",
        "user",
        "users",
        "usuario",
        "usuarios",
        "account",
        "cuenta",
        "contact",
        "contacto",
        "subscriber",
        "abonado",
    ],
    &["household", "households", "hogar", "hogares", "hh", "hshd"],
    &[
        "id",
        "key",
        "code",
        "codigo",
        "cod",
        "clave",
        "no",
        "num",
        "number",
        "numero",
        "nr",
        "nro",
        "identifier",
        "identificador",
        "ref",
        "referencia",
        "uid",
        "uuid",
        "guid",
    ],
    &[
        "order",
        "orders",
        "ordered",
        "orden",
        "ordenes",
        "pedido",
        "pedidos",
        "purchase",
        "purchases",
        "compra",
        "compras",
    ],
    &["invoice", "invoices", "factura", "facturas", "fra", "bill", "albaran"],
    &[
        "basket",
        "baskets",
        "cesta",
        "cart",
        "receipt",
        "recibo",
        "tique",
        "transaction",
        "transactions",
        "transaccion",
        "transacciones",
        "trans",
        "txn",
        "sale",
        "venta",
    ],
    &["ticket", "tickets"],
    &[
        "line", "lines", "linea", "lineas", "row", "position", "posicion", "renglon", "detail", "details", "detalle",
    ],
    &[
        "product",
        "products",
        "producto",
        "productos",
        "article",
        "articles",
        "articulo",
        "articulos",
        "art",
        "sku",
        "item",
        "stock",
        "upc",
        "ean",
        "gtin",
        "isbn",
        "plu",
    ],
    &[
        "date",
        "fecha",
        "fec",
        "day",
        "dia",
        "timestamp",
        "datetime",
        "time",
        "hora",
        "moment",
        "momento",
        "dt",
        "when",
        "at",
        "on",
    ],
    &[
        "quantity", "qty", "cantidad", "cant", "unidades", "uds", "ud", "units", "pieces", "piezas", "pcs", "items",
    ],
    &["unit", "unitario", "unitaria", "unidad", "each"],
    &["price", "precio", "pvp", "prc"],
    &[
        "amount",
        "importe",
        "imp",
        "monto",
        "amt",
        "spend",
        "gasto",
        "revenue",
        "ingreso",
        "ingresos",
        "sales",
        "ventas",
        "turnover",
        "facturacion",
        "valor",
        "value",
    ],
    &["total", "subtotal", "net", "neto", "gross", "bruto"],
    &["currency", "divisa", "moneda", "curr", "ccy"],
    &["cost", "costs", "coste", "costes", "costo", "costos"],
    &["discount", "descuento", "dto", "disc", "rebate", "rebaja", "markdown"],
    &["channel", "canal", "medium", "medio", "via"],
    &["name", "nombre", "nom"],
    &["first", "given", "forename", "pila"],
    &["last", "family", "surname", "apellido", "apellidos"],
    &[
        "company",
        "empresa",
        "business",
        "compania",
        "razon",
        "social",
        "organisation",
        "organization",
    ],
    &["email", "mail", "correo", "e"],
    &[
        "phone",
        "telephone",
        "telefono",
        "tel",
        "mobile",
        "movil",
        "celular",
        "tlf",
        "tfno",
    ],
    &["birth", "dob", "nacimiento", "birthday", "birthdate", "cumpleanos"],
    &["gender", "sex", "sexo", "genero"],
    &["street", "address", "direccion", "calle", "domicilio"],
    &[
        "city",
        "town",
        "ciudad",
        "localidad",
        "poblacion",
        "municipio",
        "suburb",
    ],
    &["postcode", "zip", "postal", "zipcode", "cp"],
    &[
        "region",
        "province",
        "provincia",
        "state",
        "estado",
        "comunidad",
        "county",
    ],
    &["country", "pais", "nation"],
    &["language", "idioma", "lang", "lengua"],
    &["tax", "nif", "cif", "dni", "vat", "rfc", "iva", "impuesto", "impuestos"],
    &["employee", "employees", "empleados", "empleado", "headcount", "staff"],
    &[
        "joined",
        "registered",
        "registration",
        "registro",
        "alta",
        "signup",
        "created",
        "creation",
        "creacion",
    ],
    &["acquisition", "captacion", "adquisicion"],
    &["age", "edad"],
    &["income", "renta", "salary", "salario"],
    &["size", "tamano"],
    &["marital", "civil"],
    &["home", "vivienda", "homeowner"],
    &["ownership", "propiedad", "tenencia"],
    &["children", "kids", "hijos", "ninos"],
    &["count", "cnt"],
    &[
        "category",
        "categoria",
        "department",
        "departamento",
        "seccion",
        "section",
        "familia",
    ],
    &["subcategory", "subcategoria", "subfamilia", "subfamily"],
    &["brand", "marca", "maker", "fabricante"],
    &["description", "descripcion", "descr", "title", "titulo"],
    &[
        "list",
        "lista",
        "tarifa",
        "catalogue",
        "catalog",
        "catalogo",
        "catalogos",
    ],
    &["valid", "vigencia", "vigente", "effective"],
    &[
        "from", "desde", "since", "start", "starts", "inicio", "begin", "starting",
    ],
    &["until", "hasta", "end", "ends", "fin", "finish", "ending"],
    &["campaign", "campaigns", "campana", "campanas"],
    &["coupon", "coupons", "cupon", "cupones", "voucher"],
    &["redemption", "redemptions", "canje", "canjes", "redeemed"],
    &[
        "interaction",
        "interactions",
        "interaccion",
        "interacciones",
        "contacts",
        "contactos",
        "touch",
        "activity",
        "actividad",
    ],
    &[
        "response",
        "responses",
        "respuesta",
        "respuestas",
        "click",
        "clicks",
        "open",
        "opens",
    ],
    &["visit", "visits", "visita", "visitas", "session", "sessions"],
    &["call", "calls", "llamada", "llamadas"],
    &[
        "sent",
        "send",
        "sends",
        "enviado",
        "enviados",
        "envios",
        "mailing",
        "mailings",
        "newsletter",
    ],
    &["direction", "sentido"],
    &["outcome", "result", "resultado"],
    &["occurred", "event", "evento"],
    &["type", "kind", "tipo", "clase"],
    &[
        "case",
        "cases",
        "caso",
        "casos",
        "incident",
        "incidents",
        "incidencia",
        "incidencias",
    ],
    &[
        "complaint",
        "complaints",
        "queja",
        "quejas",
        "reclamacion",
        "reclamaciones",
        "claim",
        "claims",
    ],
    &["survey", "surveys", "encuesta", "encuestas", "nps", "csat"],
    &["question", "questions", "consulta", "consultas", "query", "enquiry"],
    &["severity", "severidad", "gravedad", "priority", "prioridad"],
    &["score", "puntuacion", "nota", "rating", "valoracion"],
    &["opened", "apertura", "abierto", "abierta", "reported"],
    &["closed", "cierre", "cerrado", "cerrada"],
    &["resolved", "resuelto", "resuelta", "solved"],
    &["incurred", "devengo"],
    &[
        "consent",
        "consents",
        "consentimiento",
        "consentimientos",
        "permission",
        "permissions",
        "permiso",
        "gdpr",
        "rgpd",
        "lopd",
    ],
    &["purpose", "finalidad", "proposito"],
    &[
        "suppression",
        "suppressions",
        "suppressed",
        "supresion",
        "supresiones",
        "exclusion",
        "exclusions",
        "exclusiones",
        "robinson",
        "blocklist",
        "blacklist",
        "dnc",
        "optout",
        "optouts",
        "unsubscribe",
        "unsubscribed",
        "unsubscribes",
    ],
    &["reason", "motivo", "causa"],
    &["status", "situacion"],
    &["rate", "rates", "cambio", "exchange", "fx"],
    &[
        "ship",
        "shipping",
        "shipped",
        "delivery",
        "delivered",
        "envio",
        "entrega",
        "dispatch",
        "portes",
        "freight",
    ],
    &["payment", "pago", "paid", "due", "vencimiento"],
    &["updated", "modified", "modificacion", "actualizacion", "modificado"],
    &[
        "owner",
        "owners",
        "manager",
        "managers",
        "gestor",
        "gestores",
        "responsable",
    ],
    &["territory", "territories", "territorio", "territorios"],
    &["capacity", "capacidad"],
    &["workload", "carga"],
    &["tier", "tiers", "nivel", "niveles"],
    &["segment", "segments", "segmento", "segmentos", "rfm"],
    &["active", "activo", "activa"],
    &["store", "shop", "tienda", "branch", "sucursal", "warehouse", "almacen"],
    &[
        "demographics",
        "demographic",
        "demograficos",
        "profile",
        "profiles",
        "perfil",
        "crm",
    ],
    &["manufacturer", "supplier", "proveedor", "vendor"],
];

/// Words that mean nothing by themselves.
const FILLERS: [&str; 18] = [
    "de", "del", "la", "el", "los", "las", "of", "the", "a", "en", "in", "por", "per", "para", "for", "y", "and",
    "data",
];

/// The words of a name, each as its meaning where it has one.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in split(name) {
        if FILLERS.contains(&word.as_str()) {
            continue;
        }
        match meaning(&word) {
            Some(meaning) => found.push(meaning.to_owned()),
            None => match glued(&word) {
                Some(pair) => found.extend(pair.map(str::to_owned)),
                None => found.push(word),
            },
        }
    }
    found.dedup();
    found
}

/// Whether a word of [`words`] is one that means something.
pub(super) fn has_meaning(word: &str) -> bool {
    MEANINGS.iter().any(|words| words[0] == word)
}

fn meaning(word: &str) -> Option<&'static str> {
    MEANINGS
        .iter()
        .find(|words| words.contains(&word))
        .map(|words| words[0])
}

/// `customerid` and `idcliente` are two words.
fn glued(word: &str) -> Option<[&'static str; 2]> {
    (2..word.len().saturating_sub(1))
        .filter(|&cut| word.is_char_boundary(cut))
        .filter(|&cut| cut > 2 || word.starts_with("id") || word.len() - cut > 2)
        .find_map(|cut| {
            let (first, second) = word.split_at(cut);
            // Short words are found in everything.
            let is_word = |part: &str| part.len() > 2 || part == "id" || part == "no";
            (is_word(first) && is_word(second)).then_some(())?;
            Some([meaning(first)?, meaning(second)?])
        })
}

/// Words in small letters without accents: cut at blanks, signs, digits and inner capitals.
fn split(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (place, &character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(place + 1);
        let starts_word = character.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase())
                || (before.is_some_and(|before| before.is_uppercase())
                    && after.is_some_and(|after| after.is_lowercase())));
        if starts_word || !character.is_alphabetic() || matches!(character, 'º' | 'ª') {
            words.push(String::new());
        }
        if character.is_alphabetic()
            && !matches!(character, 'º' | 'ª')
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase().map(without_accent));
        }
    }
    // `Nº` and `N.` are numbers.
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        if word == "n" {
            "no".clone_into(word);
        }
    }
    words
}

fn without_accent(character: char) -> char {
    match character {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words_of_one_language() {
        for (name, expected) in [
            ("CustomerID", &["customer", "id"][..]),
            ("id_cliente", &["id", "customer"]),
            ("IDCliente", &["id", "customer"]),
            ("customerid", &["customer", "id"]),
            ("Nº Factura", &["id", "invoice"]),
            ("InvoiceNo", &["invoice", "id"]),
            ("Código de artículo", &["id", "product"]),
            ("StockCode", &["product", "id"]),
            ("FECHA PEDIDO", &["date", "order"]),
            ("transaction_timestamp", &["basket", "date"]),
            ("UnitPrice", &["unit", "price"]),
            ("precio_unitario", &["price", "unit"]),
            ("Descripción", &["description"]),
            ("address1", &["street"]),
            ("retail_disc", &["retail", "discount"]),
            ("", &[]),
            ("2024", &[]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let mut all: Vec<&str> = MEANINGS.iter().flat_map(|words| words.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
