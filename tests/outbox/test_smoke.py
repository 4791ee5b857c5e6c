def test_smoke(cast): 
    assert cast
