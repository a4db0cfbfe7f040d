"""Arguments: connect string, queue, count. Half of the events singly, half in bulk."""
import datetime
import sys

import pgq
import psycopg2

db = psycopg2.connect(sys.argv[1])
queue, count = sys.argv[2], int(sys.argv[3])
curs = db.cursor()
for n in range(count // 2):
    pgq.insert_event(curs, queue, 'single', str(n), extra1='x')
now = datetime.datetime.now(datetime.timezone.utc)
rows = [[now, 'bulk', str(n), 'x'] for n in range(count // 2, count)]
pgq.bulk_insert_events(curs, rows, ['ev_time', 'ev_type', 'ev_data', 'ev_extra1'], queue)
db.commit()
