import time
from tests.accounts.test_sign_in import *  # noqa
def run(n, ips, accounts):
    CountingHasher.calls = 0; t=time.perf_counter()
    for i in range(n):
        c=WebClient(); c.post("/accounts/login/", {"login": f"victim{i%accounts}@example.org","password":f"guess number {i}"}, REMOTE_ADDR=f"198.51.{i%ips//250}.{i%ips%250}")
    return CountingHasher.calls, round(time.perf_counter()-t,1)
def test_zz(db, hasher):
    for i in range(50): User.objects.create(email=f"victim{i}@example.org", password="md5$salt$0")
    print("ZZ 1000/100/50", run(1000,100,50))
def test_zz2(db, hasher):
    print("ZZ 1000/900/900 default cache", run(1000,900,900))
