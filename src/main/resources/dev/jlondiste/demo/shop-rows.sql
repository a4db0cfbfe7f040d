-- About ${orders} * 5 rows.
insert into customers (name, email, address, balance, registered)
select 'Customer ' || i, 'customer' || i || '@example.com',
       json_build_object('street', 'Main St ' || i % 300, 'city', 'Town ' || i % 97)::jsonb,
       (i * 37 % 10000) / 100.0, now() - i * interval '3 minutes'
  from generate_series(1::bigint, greatest(${orders} / 4, 10)) i;

insert into products (sku, title, tags, price, picture, in_stock)
select 'SKU' || i, 'Product ' || i, array['group ' || i % 13, 'maker ' || i % 29],
       (100 + i * 7919 % 20000) / 100.0, decode(md5(i::text), 'hex'), 1000
  from generate_series(1::bigint, greatest(${orders} / 20, 10)) i;

insert into orders (customer_id, state, note, placed)
select 1 + i * 7919 % (select max(id) from customers),
       case when i % 10 = 0 then 'new' when i % 10 < 4 then 'paid' else 'sent' end,
       case when i % 6 = 0 then E'please ring\ttwice, it''s the 2nd floor \\ left' end,
       now() - (${orders} - i) * interval '1 minute'
  from generate_series(1::bigint, ${orders}) i;

insert into order_lines (order_id, line, product_id, quantity, price)
select o.id, line, 1 + (o.id * 31 + line * 7) % (select max(id) from products),
       1 + (o.id + line) % 4, (100 + o.id * 13 % 20000) / 100.0
  from orders o, generate_series(1, 2) line;

insert into payments (order_id, amount, paid)
select id, 10 + id % 90, placed + interval '10 minutes'
  from orders
 where state <> 'new';

insert into stock_movements (product_id, quantity, reason, moved)
select product_id, -quantity, 'order ' || order_id, now() - order_id * interval '1 second'
  from order_lines
 where line = 1 and order_id % 5 > 0;
