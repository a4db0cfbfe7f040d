create table customers (
    id serial primary key,
    name text not null,
    email text not null unique,
    address jsonb not null default '{}',
    balance numeric(12, 2) not null default 0,
    registered timestamptz not null default now()
);

create table products (
    id serial primary key,
    sku char(10) not null unique,
    title text not null,
    tags text[] not null default '{}',
    price numeric(10, 2) not null check (price >= 0),
    picture bytea,
    in_stock integer not null default 0
);

create table orders (
    id bigserial primary key,
    customer_id integer not null references customers,
    state text not null default 'new' check (state in ('new', 'paid', 'sent')),
    note text,
    placed timestamptz not null default now()
);
create index orders_customer on orders (customer_id);
create index orders_open on orders (placed) where state <> 'sent';

create table order_lines (
    order_id bigint not null references orders on delete cascade,
    line smallint not null,
    product_id integer not null references products,
    quantity integer not null check (quantity > 0),
    price numeric(10, 2) not null,
    primary key (order_id, line)
);
create index order_lines_product on order_lines (product_id);

create table payments (
    id bigserial primary key,
    order_id bigint not null unique references orders,
    amount numeric(12, 2) not null,
    paid timestamptz not null default now()
);

create table stock_movements (
    id bigserial primary key,
    product_id integer not null references products,
    quantity integer not null,
    reason text not null,
    moved timestamptz not null default now()
);
create index stock_movements_product on stock_movements (product_id, moved);
