# El marco de la página
page-title = { $pipeline }: los clientes y su valor
page-subtitle = A { $as_of }. No hay una ejecución anterior con la que comparar.
page-subtitle-compared = A { $as_of }, comparado con el { $before }.
page-footer = Hecho por cartera { $version } a partir de las tablas publicadas que nombra cada gráfico. No carga nada de fuera y no habla de ningún cliente concreto.
page-skip = Ir a los gráficos
page-theme = Claro u oscuro
page-contents = Contenido
page-warnings = { $count ->
        [one] Un aviso que revisar
       *[other] { $count } avisos que revisar
    }
page-warnings-language = Los mensajes de la ejecución están en inglés.
page-about = Qué significa y de dónde sale
page-about-and-table = Como tabla, qué significa y de dónde sale
page-from = De
page-ask-again = Se puede volver a preguntar con cartera sql, DuckDB o pandas:
section-failed = Esta sección no se pudo hacer; el registro de la ejecución dice por qué. Sus tablas están publicadas.
yes = sí
no = no
tile-points = { $points } puntos
tile-was = Antes: { $value }
tile-year-ago-alone = { $value } un año antes
tile-year-ago = { $change } sobre el año anterior ({ $value })
axis-customer-share = Proporción de clientes, los mejores primero
heat-legend-customers = Cuanto más intenso el color, más clientes. Los mejores están arriba a la derecha.

# Titulares
section-headline-title = De un vistazo
section-headline-question = ¿Cuánto vale hoy la cartera y cómo fue el último mes completo?
section-headline-empty = Todavía no hay clientes.
figure-base-title = { $customers ->
        [one] Un cliente ha aportado ventas netas de { $value }
       *[other] { $customers } clientes han aportado ventas netas de { $value }
    }
figure-base-unit = Todos los clientes hasta el día de la ejecución, sin los compradores anónimos. En pequeño: el cambio desde la ejecución anterior.
figure-base-definition = Las ventas netas son las ventas menos devoluciones y descuentos. El margen bruto es la venta neta menos el coste de los productos, en las líneas cuyo coste se conoce. El beneficio neto descuenta además los costes de servicio y de captación. El CLV es el margen descontado que se espera dentro del horizonte; el VIN es lo que los clientes han aportado y aportarán después de todos los costes.
figure-last_month-title = { $customers ->
        [one] En { $month }, un cliente compró por { $value }
       *[other] En { $month }, { $customers } clientes compraron por { $value }
    }
figure-last_month-unit = El último mes completo. En pequeño: el cambio desde el mes anterior y el mismo mes del año anterior.
figure-last_month-definition = Los clientes activos compraron en el mes. Los nuevos compraron por primera vez. Los perdidos superaron los días sin compra a partir de los cuales se considera perdido a un cliente. La tasa de repetición es la proporción de clientes activos que ya habían comprado en un mes anterior; la de retención, la proporción de compradores del mes anterior que volvieron a comprar.

# Meses
section-months-title = Mes a mes
section-months-question = ¿Crecen las ventas, el beneficio y los clientes, y quién llega y se va?
section-months-empty = Todavía no hay ningún mes con ventas.
figure-sales_by_month-title = Ventas y beneficio por mes: { $finding } de ventas netas en { $month }, con compradores anónimos
figure-sales_by_month-title-sales = Ventas por mes: { $finding } de ventas netas en { $month }, con compradores anónimos
figure-sales_by_month-unit = En la moneda de la empresa; clientes y compradores anónimos juntos, solo meses completos, los últimos 36 como máximo
figure-sales_by_month-definition = Ventas netas de clientes y compradores anónimos en el mes de la línea, las devoluciones en el mes en que llegaron; margen y beneficio después de los costes que soportan las líneas y los clientes del mes.
figure-customers_by_month-title = Clientes por mes: { $finding } compraron en { $month }
figure-customers_by_month-unit = Clientes, solo meses completos, los últimos 36 como máximo
figure-customers_by_month-definition = Los clientes activos compraron en el mes. La cartera al final reúne a quienes habían comprado y no estaban perdidos cuando acabó el mes.
figure-movement_by_month-title = Quién llegó y quién se perdió cada mes: { $finding } nuevos en { $month }
figure-movement_by_month-unit = Clientes, solo meses completos, los últimos 36 como máximo; los perdidos están por debajo de cero
figure-movement_by_month-definition = Los nuevos compraron por primera vez. Los recuperados estaban perdidos y volvieron a comprar. Los perdidos superaron los días a partir de los cuales se considera perdido a un cliente.
figure-loyalty_by_month-title = Lo fieles que son los compradores: el { $finding } de los de { $month } ya había comprado
figure-loyalty_by_month-unit = Proporción de clientes, solo meses completos, los últimos 36 como máximo
figure-loyalty_by_month-definition = Repetición: de los compradores del mes, los que ya habían comprado en un mes anterior. Retención: de los compradores del mes anterior, los que volvieron a comprar. A 12 meses: de los compradores de un año, los que compraron en el siguiente.

# RFM
section-rfm-title = Recencia, frecuencia e importe
section-rfm-question = ¿Cómo se reparten los clientes y cuánto representan?
section-rfm-empty = Ningún cliente tiene un pedido todavía, así que nadie tiene puntuación.
figure-rfm_segments-title = El segmento más grande es { $segment }: el { $share } de los clientes y el { $sales_share } de las ventas
figure-rfm_segments-unit = Superficie: clientes
figure-rfm_segments-definition = Cada cliente con un pedido recibe puntos por los días desde el último pedido, el número de pedidos y las ventas netas. Los segmentos con nombre dependen de la puntuación de recencia y de la media de las otras dos, salvo que [rfm_map] diga otra cosa.
figure-rfm_matrix-title = Clientes por recencia y frecuencia
figure-rfm_matrix-unit = Clientes; la puntuación más alta es la mejor
figure-rfm_matrix-definition = La puntuación es la parte de la cartera, dividida en partes iguales o por los límites declarados, en la que está el cliente; valores iguales tienen la misma puntuación. El segmento de una celda es aquel en el que está la mayoría de sus clientes.

# Pareto
section-pareto-title = Concentración
section-pareto-question = ¿Qué parte de los clientes aporta la mayor parte, y quién cuesta más de lo que aporta?
section-pareto-empty = Todavía no hay ninguna medida con valores positivos.
figure-pareto_curve-title = { $to_class_a ->
        [one] El mejor 20 % de los clientes aporta el { $share } de las ventas netas; un cliente aporta el { $limit }
       *[other] El mejor 20 % de los clientes aporta el { $share } de las ventas netas; { $to_class_a } clientes aportan el { $limit }
    }
figure-pareto_curve-unit = Proporción de las ventas netas positivas según la proporción de clientes
figure-pareto_curve-definition = Los clientes se ordenan por ventas netas, de mayor a menor. Solo los valores positivos cuentan en el total. La regla popular dice que el 20 % aporta el 80 %; esta es la cifra real.
figure-whale_curve-title = El { $customers } de los clientes aporta el { $share } del beneficio; los demás no añaden nada o restan
figure-whale_curve-title-all = Todos los clientes suman beneficio: nadie cuesta más de lo que aporta
figure-whale_curve-unit = Proporción del beneficio de todos los clientes según la proporción de clientes
figure-whale_curve-definition = Los clientes se ordenan por beneficio neto, de mayor a menor. Donde la curva baja, los clientes cuestan más de lo que aportan; por encima del 100 % está lo que los demás devuelven.
figure-concentration-title = Lo concentrada que está cada medida
figure-concentration-unit = Clientes, proporciones y el coeficiente de Gini de 0 (todos aportan lo mismo) a 1 (uno lo aporta todo)
figure-concentration-definition = Para cada medida: lo que tiene el primer quinto de todos los clientes y el número mínimo de clientes que reúne la proporción en la que acaba la clase A.
pareto-marker = 20 %: { $share }
whale-marker = { $customers }: { $share }
pareto-reference = si todos aportaran lo mismo
whale-reference = todo el beneficio

# Rentabilidad
section-profitability-title = Rentabilidad
section-profitability-question = ¿Qué queda de las ventas hasta llegar al beneficio, y de dónde sale?
section-profitability-empty = Ninguna fuente declara costes todavía: asigne una columna de coste de las líneas, costes unitarios de los productos o una fuente de costes.
figure-income_statement-title = De { $sales } de ventas netas quedan { $profit } de beneficio
figure-income_statement-title-loss = Con { $sales } de ventas netas se pierden { $loss }
figure-income_statement-unit = En la moneda de la empresa; toda la empresa, con los compradores anónimos
figure-income_statement-definition = Las ventas brutas menos las devoluciones, con otras ventas como los portes donde cuenten, son las ventas netas. Las ventas de líneas sin coste conocido no están en ningún margen. El coste de servicio reúne costes directos, contactos, campañas para clientes existentes y costes compartidos.
figure-profit_by_product-title = Productos de los dos extremos: { $best } gana { $best_profit }, { $worst } { $worst_profit }
figure-profit_by_product-title-one = Beneficio por producto: { $best_profit }, todo de { $best }
figure-profit_by_category-title = Beneficio por categoría: la que más gana es { $best }, { $best_profit }
figure-profit_by_category-title-one = Beneficio por categoría: { $best_profit }, todo de { $best }
figure-profit_by_channel-title = Beneficio por canal: el que más gana es { $best }, { $best_profit }
figure-profit_by_channel-title-one = Beneficio por canal: { $best_profit }, todo de { $best }
figure-profit_by_region-title = Beneficio por región: la que más gana es { $best }, { $best_profit }
figure-profit_by_region-title-one = Beneficio por región: { $best_profit }, todo de { $best }
figure-profit_by_sales_rep-title = Beneficio por comercial: quien más gana es { $best }, { $best_profit }
figure-profit_by_sales_rep-title-one = Beneficio por comercial: { $best_profit }, todo de { $best }
figure-profit_by_product-unit = Beneficio neto en la moneda de la empresa: los diez mejores y los diez peores
figure-profit_by_category-unit = Beneficio neto en la moneda de la empresa; los veinte que más ganan
figure-profit_by_channel-unit = Beneficio neto en la moneda de la empresa; los veinte que más ganan
figure-profit_by_region-unit = Beneficio neto en la moneda de la empresa; los veinte que más ganan
figure-profit_by_sales_rep-unit = Beneficio neto en la moneda de la empresa; los veinte que más ganan
figure-profit_by_product-definition = Margen de las líneas del producto menos los costes de servicio y de captación: los que lo nombran y su parte de los demás, según las líneas que cuentan como pedidos (según las ventas si lo dice shared_cost_driver).
figure-profit_by_category-definition = Margen de las líneas de la categoría menos los costes de servicio y de captación: los que la nombran y su parte de los demás, según las líneas que cuentan como pedidos (según las ventas si lo dice shared_cost_driver).
figure-profit_by_channel-definition = Margen de las líneas del canal menos los costes de servicio y de captación: los que lo nombran y su parte de los demás, según las líneas que cuentan como pedidos (según las ventas si lo dice shared_cost_driver).
figure-profit_by_region-definition = Margen de las líneas de la región menos los costes de servicio y de captación: los que la nombran y su parte de los demás, según las líneas que cuentan como pedidos (según las ventas si lo dice shared_cost_driver).
figure-profit_by_sales_rep-definition = Margen de las líneas del comercial menos los costes de servicio y de captación: los que lo nombran y su parte de los demás, según las líneas que cuentan como pedidos (según las ventas si lo dice shared_cost_driver).

# Listas
section-lists-title = Listas y contactos
section-lists-question = ¿A quién contactamos después, a quién no, y por qué?
section-lists-empty = No hay ninguna lista declarada: añada secciones [[target]].
figure-lists-title = { $lists ->
        [one] Una lista contacta a { $contacts } de { $candidates } candidatos
       *[other] { $lists } listas contactan a { $contacts } de { $candidates } candidatos
    }
figure-lists-unit = Clientes
figure-lists-definition = Los candidatos cumplen la condición de la lista. Los del grupo de control se reservan para medir lo que aporta el contacto. Los excluidos no pueden ser contactados, no compensan el coste o están en otra lista.
figure-list_reasons-title = Por qué los candidatos están dentro o fuera
figure-list_reasons-unit = Clientes
figure-list_reasons-definition = La primera regla que decidió sobre el cliente, en el orden en que se aplican: canal, consentimiento, exclusión, edad, datos de contacto, incidencia abierta, periodo de silencio, topes, otras listas, hogar, valor, presupuesto y límite. De los seleccionados, algunos se reservan como grupo de control.
figure-contact_plan-title = Por qué los clientes tienen un próximo contacto o ninguno
figure-contact_plan-unit = Clientes
figure-contact_plan-definition = Cada cliente tiene una fila en el plan de contactos: con una acción planeada o con la primera razón en contra de todas las acciones.
figure-campaigns-title = Lo que costaron y aportaron las campañas
figure-campaigns-unit = Contactos, respuestas, clientes captados y dinero, en todos los meses
figure-campaigns-definition = Un cliente se atribuye a la campaña del último contacto antes del primer pedido. Solo un grupo de control puede decir qué causó la campaña.

# Identidad
section-identity-title = Quién es el mismo cliente
section-identity-question = ¿Qué claves se unieron y por qué regla?
section-identity-empty = No hay reglas de identidad declaradas: cada clave es un cliente propio.
figure-identity_rules-title = Claves según la regla que las unió
figure-identity_rules-unit = Claves de las fuentes
figure-identity_rules-definition = Cada clave de una fuente pertenece a un cliente. La regla dice por qué y la puntuación, lo segura que es.

# Calidad
section-quality-title = Calidad de los datos
section-quality-question = ¿Son los datos como siempre, y qué se apartó?
section-quality-empty = No se publicó ninguna cifra de los datos.
figure-sources-title = { $findings ->
        [0] Las fuentes están como siempre
        [one] Un hallazgo en las fuentes
       *[other] { $findings } hallazgos en las fuentes
    }
figure-sources-title-first = Ningún hallazgo en las fuentes; la próxima ejecución se comparará con esta
figure-sources-unit = Filas, y cifras inusuales o que incumplen una comprobación
figure-sources-definition = Cada noche se mide cada fuente: filas, días, celdas rellenas, valores. Es un hallazgo una cifra que se aleja de la ejecución anterior o incumple una comprobación declarada.
figure-findings-title = { $findings ->
        [one] El hallazgo
       *[other] Los hallazgos
    }
figure-findings-unit = Cada uno en su propia unidad
figure-findings-definition = Qué se midió, cuánto era en la ejecución anterior y qué tiene de inusual; doscientos como máximo. Los detalles están en inglés.
figure-defects-title = { $rows ->
        [one] Una fila se apartó, con su motivo
       *[other] { $rows } filas se apartaron, cada una con su motivo
    }
figure-defects-unit = Filas en cuarentena
figure-defects-definition = Una fila que no se puede leer o contradice el contrato se aparta con archivo, fila, columna, valor, motivo y una indicación; nada desaparece.

# Libro de cuentas
section-ledger-title = El libro de cuentas
section-ledger-question = ¿Dónde quedó cada fila y cada céntimo?
section-ledger-empty = No se leyó nada.
figure-ledger_rows-title = { $read ->
        [one] La única fila leída cuadra: { $kept } conservada, { $left_out } fusionada o fuera de alcance, { $quarantined } apartada
       *[other] Las { $read } filas leídas cuadran: { $kept } conservadas, { $left_out } fusionadas o fuera de alcance, { $quarantined } apartadas
    }
figure-ledger_rows-unit = Filas por fuente
figure-ledger_rows-definition = Las filas conservadas están en las tablas; las de compradores anónimos no nombran a ningún cliente y solo cuentan en los totales; las fusionadas están en varios archivos o se repiten; las fuera de alcance son posteriores al día de la ejecución o se borraron; las apartadas están en cuarentena.
figure-ledger_reasons-title = Por qué hay filas que no están entre las líneas de los clientes
figure-ledger_reasons-unit = Filas
figure-ledger_reasons-definition = El motivo de cada parte disjunta de las filas leídas.
figure-ledger_money-title = Dónde quedó el dinero de las líneas
figure-ledger_money-unit = Importes en la moneda de la fila y convertidos
figure-ledger_money-definition = Sumas de los importes legibles, exactas hasta la diezmilésima. No tienen importe las líneas apartadas antes de conocer su tipo.
