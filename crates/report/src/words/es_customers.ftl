# Valor de vida
section-clv-title = Valor de vida
section-clv-question = ¿Cuánto aportarán todavía los clientes y hasta dónde es fiable la previsión?
section-clv-empty = Ningún cliente tiene todavía un valor de vida: la historia es demasiado corta para un modelo o no se conoce ningún margen. Asigne un coste o declare margin_rate en [clv].
figure-clv_summary-title = Se espera que { $customers ->
        [one] un cliente aporte
       *[other] { $customers } clientes aporten
    } { $value } en { $months ->
        [one] un mes
       *[other] { $months } meses
    }
figure-clv_summary-unit = Clientes con valor de vida. En pequeño: el cambio desde la ejecución anterior.
figure-clv_summary-definition = El valor de vida (CLV) es el margen descontado que se espera de un cliente en el horizonte. Procede de un modelo de cuándo los clientes vuelven a comprar y cuándo lo dejan, y de otro de cuánto gastan. La media y la mediana son sobre los clientes; la probabilidad de seguir comprando es la media de las de todos ellos.
figure-clv_distribution-title = La mitad de los clientes vale como mucho { $median }; la media es { $mean }
figure-clv_distribution-unit = Clientes por valor de vida en la moneda de la empresa. Las clases crecen: cada una es más o menos el doble de ancha que la anterior.
figure-clv_distribution-definition = Cada cliente con valor de vida está en una clase, desde su límite inferior hasta el siguiente. Los que no se espera que aporten nada están en la clase que empieza en 0. Los que se espera que cuesten más de lo que aportan están en una clase propia por debajo, sea cual sea el importe; la tabla la llama -1.
clv-below-zero = Menos de 0
clv-median = Mediana { $median }
clv-mean = Media { $mean }
figure-p_alive-title = Se estima que { $alive ->
        [one] uno de { $customers } ({ $share }) sigue siendo cliente
       *[other] { $alive } de { $customers } ({ $share }) siguen siendo clientes
    }
figure-p_alive-unit = Probabilidad media de que un cliente de la celda no haya dejado de comprar
figure-p_alive-definition = La probabilidad, según el modelo, de que siga siendo cliente en la fecha de la ejecución. Cuanto más tiempo lleva en silencio alguien que compraba a menudo, menos probable es; quien compra de vez en cuando puede callar más tiempo. El título suma las probabilidades de todos.
heat-legend-alive = Cuanto más intenso el color, más probable. Las celdas vacías no tienen clientes.
figure-clv_calibration-title = { $model } previó { $predicted ->
        [one] un pedido
       *[other] { $predicted } pedidos
    } en el periodo de prueba y { $actual ->
        [one] llegó uno
       *[other] llegaron { $actual }
    } ({ $bias })
figure-clv_calibration-unit = Días con pedidos por cliente en el periodo de prueba, según las compras repetidas anteriores
figure-clv_calibration-definition = El modelo se ajustó a la historia hasta un corte. Lo que previó para el tiempo posterior, el periodo de prueba, se compara con lo que llegó. Los clientes se agrupan por las veces que habían vuelto antes del corte; 7+ son todos los que lo hicieron siete veces o más.
axis-orders-per-customer = Pedidos por cliente
figure-clv_weeks-title = Semana a semana, la previsión de { $model } termina a un { $bias } de lo que llegó
figure-clv_weeks-unit = Pedidos repetidos de los clientes conocidos en el corte, acumulados desde la primera semana
figure-clv_weeks-definition = Hasta el corte el modelo se ajustó a estos pedidos; desde el corte no los conocía. Cuanto más juntas siguen las líneas después, más se puede confiar en los valores de vida.
axis-repeat-orders = Pedidos repetidos acumulados
clv-fitted = Modelo, ajustado
clv-foreseen = Modelo, previsto
figure-clv_models-title = Todos los modelos y suposiciones simples, comparados con lo que llegó
figure-clv_models-unit = Los pedidos son días con un pedido; los errores son por cliente
figure-clv_models-definition = El sesgo es lo previsto entre lo real, menos uno: -10 % es una décima parte de menos. MAE y RMSE son el error absoluto medio y el error cuadrático medio de un cliente. Mejor quinto acertado: de la quinta parte de clientes que más ventas aportó en el periodo de prueba, la proporción que está en la quinta parte de la que el modelo más esperaba. Un modelo que no supera a las suposiciones no sirve.
figure-clv_parameters-title = Los modelos ajustados y sus parámetros
figure-clv_parameters-unit = Tiempos en semanas, dinero en la moneda de la empresa
figure-clv_parameters-definition = Los parámetros con sus nombres en la literatura y sus errores estándar. Los modelos ajustados a la calibración se comparan con el periodo de prueba; el mejor se ajusta a toda la historia y con él se puntúa a los clientes.

# Ciclo de vida
section-lifecycle-title = Ciclo de vida
section-lifecycle-question = ¿En qué etapa están los clientes y quiénes se están yendo?
section-lifecycle-empty = Todavía no hay clientes.
figure-lifecycle_stages-title = { $loyal ->
        [one] Uno de { $customers } clientes es fiel
       *[other] { $loyal } de { $customers } clientes son fieles
    }, { $at_risk ->
        [one] uno está en riesgo
       *[other] { $at_risk } están en riesgo
    } y { $gone ->
        [one] uno está inactivo o perdido
       *[other] { $gone } están inactivos o perdidos
    }
figure-lifecycle_stages-unit = Clientes por etapa
figure-lifecycle_stages-definition = La etapa resulta de los días desde el último pedido, del ritmo propio del cliente y de la probabilidad de que siga comprando: véase lifecycle en el manual. Los potenciales son conocidos y aún no han pedido.
figure-lifecycle_flow-title = { $moved ->
        [one] Un cliente cambió de etapa
       *[other] { $moved } clientes cambiaron de etapa
    } desde la ejecución anterior: { $worse ->
        [0] nadie empeoró
        [one] uno empeoró
       *[other] { $worse } empeoraron
    }, { $back ->
        [0] nadie volvió
        [one] uno volvió
       *[other] { $back } volvieron
    }
figure-lifecycle_flow-unit = Clientes; el ancho de una banda es su número
figure-lifecycle_flow-definition = A la izquierda la etapa en la ejecución más reciente de un día anterior, a la derecha la etapa actual. Empeoraron: hacia en riesgo, inactivo o perdido. Volvieron: de una de estas a cualquier otra etapa.
flow-before = Antes
flow-now = Ahora
flow-new = Llegan
flow-gone = Ya no están

# Señales
section-signals-title = Señales
section-signals-question = ¿A quién conviene mirar, por qué y qué está en juego?
section-signals-empty = Ninguna regla de [signals] se cumple para ningún cliente.
figure-signals-title = { $alarms ->
        [0] Ninguna alarma
        [one] Una alarma
       *[other] { $alarms } alarmas
    } y { $opportunities ->
        [0] ninguna oportunidad
        [one] una oportunidad
       *[other] { $opportunities } oportunidades
    }
figure-signals-unit = Clientes por señal; un cliente puede tener varias
figure-signals-definition = Una señal se da cuando se cumplen todas las condiciones de su regla. Las alarmas avisan de algo que se puede perder, las oportunidades de algo que se puede ganar. La intensidad va de 0 a 100 dentro de una señal.
figure-signal_values-title = Donde más hay en juego: «{ $signal }», { $value } de { $customers ->
        [one] un cliente
       *[other] { $customers } clientes
    }
figure-signal_values-unit = Valor en juego en la moneda de la empresa; los clientes con varias señales cuentan en cada una
figure-signal_values-definition = Lo que se puede perder o ganar, según lo declara la regla, como el valor de vida; solo los clientes de los que se conoce.
figure-signals_since-title = Desde cuándo se dan las señales
figure-signals_since-unit = Señales por el mes en que aparecieron: los 24 meses más recientes con alguna; las anteriores no están en el gráfico
figure-signals_since-definition = El mes del primer día de la serie ininterrumpida de ejecuciones en que se dio la señal. Las antiguas llevan tiempo esperando a que alguien actúe.

# Grupos
section-clusters-title = Grupos de clientes
section-clusters-question = ¿Qué grupos de clientes se parecen, qué los distingue y siguen siendo válidos?
section-clusters-empty = No hay grupos: hay muy pocos clientes o [k_means] está desactivado.
figure-clusters-title = { $count ->
        [one] Un grupo de clientes
       *[other] { $count } grupos de clientes
    }: «{ $cluster }» son el { $share } de los clientes y aportan el { $sales_share } de las ventas
figure-clusters-unit = Proporción de los clientes con grupo y de sus ventas netas
figure-clusters-definition = Se agrupa a los clientes que se parecen en las variables que nombra [k_means]; los nombres dicen lo que más distingue a cada grupo.
figure-cluster_profiles-title = Qué distingue a cada grupo: sobre todo «{ $cluster }», con { $feature } de { $mean } frente a { $base }
figure-cluster_profiles-unit = Medias, cada una en la unidad de su variable
figure-cluster_profiles-definition = La media de cada variable sobre los clientes del grupo. El color es la diferencia con todos los clientes en desviaciones típicas; para dinero, recuentos y días, de sus logaritmos.
heat-legend-clusters = Azul: más que el conjunto de clientes. Naranja: menos. Color pleno desde 1,5 desviaciones típicas.
figure-cluster_moves-title = { $moved ->
        [0] Ninguno de { $customers } clientes ({ $share }) cambió
        [one] Uno de { $customers } clientes ({ $share }) cambió
       *[other] { $moved } de { $customers } clientes ({ $share }) cambiaron
    } de grupo desde la ejecución anterior
figure-cluster_moves-title-redefined = Los grupos se definen de otra manera que en la ejecución anterior: dónde está cada uno no muestra cambios
figure-cluster_moves-title-none = Nadie estaba en un grupo tanto en la ejecución anterior como ahora
figure-cluster_moves-unit = Clientes; el ancho de una banda es su número
figure-cluster_moves-definition = A la izquierda el grupo en la ejecución más reciente de un día anterior, a la derecha el grupo actual, cada uno con los nombres de su ejecución. Quien está en el mismo grupo con otro nombre no ha cambiado. El color de un grupo anterior es el de aquel en el que está ahora la mayoría de sus clientes. Si la configuración define los grupos de otra manera que antes, las bandas comparan dos definiciones.
figure-cluster_drift-title = { $over ->
        [0] Los grupos siguen siendo válidos: los { $figures } indicadores están dentro de sus límites
        [one] Uno de { $figures } indicadores supera su límite: los grupos ya no son del todo válidos
       *[other] { $over } de { $figures } indicadores superan sus límites: los grupos ya no son del todo válidos
    }
figure-cluster_drift-unit = Índice de estabilidad de cada variable y proporción de clientes que cambiaron
figure-cluster_drift-definition = El índice de estabilidad de la población compara la distribución de la variable con la de los clientes a los que se ajustó el modelo: por debajo de 0,1 apenas ha cambiado nada, por encima de 0,25 ha cambiado mucho.

# Cohortes
section-cohorts-title = Cohortes
section-cohorts-question = ¿Los clientes más nuevos se quedan más tiempo y gastan más que los antiguos?
section-cohorts-empty = Ningún cliente ha comprado todavía.
figure-cohort_retention-title = El { $first } de los clientes nuevos vuelve a comprar al mes siguiente, el { $last } en el mes { $months }
figure-cohort_retention-title-one = El { $first } de los clientes nuevos vuelve a comprar al mes siguiente
figure-cohort_retention-title-none = Quiénes volvieron a comprar, por mes de la primera compra: aún no ha terminado ningún mes posterior
figure-cohort_retention-unit = Proporción de la cohorte que compró en el mes; entre paréntesis, los clientes que llegaron
figure-cohort_retention-definition = Una cohorte son los clientes cuya primera compra fue en el mes. Las columnas son meses naturales desde entonces. Como mucho las últimas 24 cohortes y 12 meses; el título es sobre todas estas cohortes con antigüedad suficiente, solo meses completos, hasta la mayor antigüedad que ha alcanzado al menos la mitad de ellas.
heat-legend-retention = Cuanto más intenso el color, más compraron. El último mes de cada fila puede quedar cortado por la fecha de la ejecución.
figure-cohort_value-title = { $months ->
        [0] En el mes en que llega
        [one] Al cabo de un mes
       *[other] Al cabo de { $months } meses
    }, un cliente ha aportado { $value } de media ({ $cohorts ->
        [one] una cohorte
       *[other] { $cohorts } cohortes
    })
figure-cohort_value-title-none = Lo que ha aportado un cliente de cada mes: aún no ha terminado ningún mes
figure-cohort_value-unit = Ventas netas acumuladas por cliente de la cohorte, en la moneda de la empresa
figure-cohort_value-definition = El título es la media sobre todos los clientes de las cohortes de abajo con antigüedad suficiente, a la mayor antigüedad que ha alcanzado al menos la mitad de las cohortes. Todas las ventas netas de la cohorte hasta el final del mes entre sus clientes, incluidos los que no volvieron. Si hay costes, la tabla también muestra el margen bruto: el valor de vida que un cliente ha aportado hasta ahora.
heat-legend-cohort-value = Cuanto más intenso el color, más ha aportado un cliente.
month-not-over = El mes aún no ha terminado.
