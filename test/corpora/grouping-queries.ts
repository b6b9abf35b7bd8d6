/**
 * A key is grouped, and other columns of its table are used, in every place where Postgres allows it because a table has
 * a key and a view has none. Over the music shop.
 */
export const groupingQueries: readonly string[] = [
  // All columns, whole rows, expressions of columns.
  `select a.*, count(t.trackid) from album a left join track t using (albumid) group by a.albumid order by a.albumid limit 20`,
  `select * from genre group by genreid order by genreid`,
  `select row_to_json(g), count(*) from genre g join track t using (genreid) group by g.genreid order by g.genreid`,
  `select g, count(*) from genre g join track t on t.genreid = g.genreid group by g.genreid order by g.genreid`,
  `select upper(c.lastname) || ', ' || c.firstname as name, case when c.company is null then 'private' else c.company end, sum(i.total) from customer c join invoice i on i.customerid = c.customerid group by c.customerid order by c.customerid`,
  `select coalesce(c.state, c.country) as place, count(*) from customer c group by c.customerid order by c.customerid`,
  // By position, by the output's name, by the other side of a join.
  `select c.customerid, c.email, count(*) from customer c join invoice i using (customerid) group by 1 order by 1`,
  `select customerid as id, lastname, count(*) over () from customer group by id order by id`,
  `select customerid, lastname, count(invoiceid) from customer join invoice using (customerid) group by customer.customerid, invoice.customerid order by customer.customerid`,
  `select customerid, max(total) from customer natural join invoice group by customerid order by customerid`,
  `select c.lastname, i.billingcity, count(*) from customer c join invoice i on i.customerid = c.customerid join invoiceline l on l.invoiceid = i.invoiceid group by i.invoiceid, c.customerid order by i.invoiceid limit 30`,
  // HAVING, ORDER BY, DISTINCT, FILTER, windows over groups.
  `select count(*) from artist ar join album al using (artistid) group by ar.artistid having length(ar.name) > 20 order by ar.name`,
  `select count(*) as n from artist ar join album al using (artistid) group by ar.artistid order by n desc, ar.name collate "C" limit 12`,
  `select distinct c.country from customer c join invoice i using (customerid) group by c.customerid having sum(i.total) > 40 order by c.country`,
  `select e.lastname, count(*) filter (where c.country = e.country) from employee e join customer c on c.supportrepid = e.employeeid group by e.employeeid order by e.employeeid`,
  `select c.country, c.lastname, sum(i.total), rank() over (partition by c.country order by sum(i.total) desc, c.customerid) from customer c join invoice i using (customerid) group by c.customerid order by c.country, 4`,
  `select a.title, sum(count(*)) over (order by a.title, a.albumid) from album a join track t using (albumid) where a.albumid < 20 group by a.albumid order by a.title, a.albumid`,
  // Within subqueries, CTEs, set operations and other statements.
  `select avg(n) from (select ar.name, count(*) as n from artist ar join album al using (artistid) group by ar.artistid) s where s.name like 'A%'`,
  `with sold as (select t.trackid, t.name, sum(l.quantity) as n from track t join invoiceline l using (trackid) group by t.trackid), best as (select g.name, max(s.n) as n from genre g join track t using (genreid) join sold s using (trackid) group by g.genreid) select * from best order by name`,
  `select 'artist' as kind, ar.name, count(*) from artist ar join album al using (artistid) group by ar.artistid having count(*) > 9 union all select 'genre', g.name, count(*) from genre g join track t using (genreid) group by g.genreid having count(*) > 300 order by 1, 2`,
  `select c.lastname from customer c where exists (select i.billingcity from invoice i where i.customerid = c.customerid group by i.invoiceid having i.total > 20) order by 1`,
  `select p.name, (select string_agg(x.name, ', ' order by x.name) from (select g.name from genre g join track t using (genreid) join playlisttrack pt using (trackid) where pt.playlistid = p.playlistid group by g.genreid having count(*) > 100) x) from playlist p group by p.playlistid order by p.playlistid`,
  `select s.country, l.best from (select distinct country from customer) s cross join lateral (select c.lastname as best from customer c join invoice i using (customerid) where c.country = s.country group by c.customerid order by sum(i.total) desc, c.customerid limit 1) l order by 1`,
  `select c.lastname, (select count(*) from invoice i where i.customerid = c.customerid and i.billingcity = c.city) from customer c group by c.customerid order by c.customerid`,
  `select c.lastname, exists (select from employee e where e.employeeid = c.supportrepid and e.city = c.city) from customer c group by c.customerid order by c.customerid`,
  `select trackid in (select l.trackid from invoiceline l group by l.invoicelineid having l.quantity > 0) as sold, count(*) from track group by 1 order by 1`,
  // Keys of two columns, self joins, aliases of columns.
  `select pt.*, count(*) from playlisttrack pt where pt.playlistid > 8 group by pt.trackid, pt.playlistid order by 1, 2 limit 30`,
  `select e.lastname, m.lastname, m.title, count(*) from employee e join employee m on m.employeeid = e.reportsto group by e.employeeid, m.employeeid order by e.employeeid`,
  `select m.lastname, m.title, array_agg(e.lastname order by e.employeeid) from employee m left join employee e on e.reportsto = m.employeeid group by m.employeeid order by m.employeeid`,
  `select x.b, count(*) from genre as x (a, b) join track t on t.genreid = x.a group by x.a order by x.a`,
  `select customer.lastname, count(*) from public.customer join public.invoice on invoice.customerid = customer.customerid group by public.customer.customerid order by customer.customerid`,
  // Grouping sets that hold the key in each set; a key among other columns; an ungrouped table beside.
  `select g.genreid, g.name, m.mediatypeid, count(*) from genre g join track t using (genreid) join mediatype m using (mediatypeid) group by g.genreid, grouping sets ((m.mediatypeid), ()) order by 1, 3 nulls last`,
  `select g.name, t.unitprice, count(*) from genre g join track t using (genreid) group by g.genreid, t.unitprice order by g.genreid, t.unitprice`,
  `select "c"."lastname", count(*) from "customer" "c" join "invoice" "i" using ("customerid") group by "c"."customerid" order by "c"."customerid"`,
  `select c.lastname as "group", c.firstname as "order", count(*) as "select" from customer c join invoice i using (customerid) group by c.customerid order by "select" desc, "group"`,
  `select lastname, count(*) from customer, invoice where customer.customerid = invoice.customerid group by customer.customerid order by lastname, customer.customerid`,
  `select c.lastname, sum(i.total) from (customer c left join invoice i using (customerid)) group by c.customerid order by c.customerid`,
  `select c.lastname, v.n from customer c, (values (1), (2)) v (n) group by c.customerid, v.n order by c.customerid, v.n limit 10`,
  `/* group by */ select c.lastname -- the name
     , count(*) from customer c join invoice i using (customerid) group by c.customerid order by c.customerid limit 5;`,
]
