# Lo que dice la página: su marco, sus secciones y los títulos, unidades y definiciones de sus figuras.

label-unknown = Desconocido

customers-of = { $count ->
        [one] un cliente
       *[other] { $count } clientes
    }
